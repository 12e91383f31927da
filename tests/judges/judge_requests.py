"""Judges requests with a reader of OpenAPI that this project did not write (openapi-core).

The argument is the document; standard input has a JSON line for each request. Each request that the judge
refuses is printed as a JSON line with its place in the input and the judge's words.
"""

import json
import sys
import warnings
from urllib.parse import parse_qsl, unquote, urlsplit

from openapi_core import OpenAPI
from openapi_core.datatypes import RequestParameters
from werkzeug.datastructures import Headers, ImmutableMultiDict


# This judge knows no OAuth2, and says so each time.
warnings.filterwarnings("ignore", message="Unsupported scheme type")

# An error shows the whole body.
LONGEST = 300


class Request:
    """A recorded request as the judge takes it."""

    def __init__(self, line):
        target = urlsplit(line["target"])
        headers = Headers([tuple(header) for header in line["headers"]])
        self.host_url = "http://" + headers["host"]
        # The judge takes decoded paths. A slash that was encoded is no end of a segment.
        segments = [unquote(it).replace("/", "%2F") for it in target.path.split("/")]
        self.path = "/".join(segments)
        self.full_url_pattern = self.host_url + self.path
        self.method = line["method"].lower()
        self.parameters = RequestParameters(
            query=ImmutableMultiDict(parse_qsl(target.query, keep_blank_values=True)),
            header=headers,
            cookie={},
        )
        self.content_type = headers.get("content-type", "")
        self.body = line["body"].encode() or None


def words(error):
    """What an error says, with what it says about the body."""
    causes = [error]
    while causes[-1].__cause__ is not None:
        causes.append(causes[-1].__cause__)
    schema = getattr(causes[-1], "schema_errors", None) or []
    inner = [f"{'/'.join(map(str, it.absolute_path))}: {it.message}" for it in schema]
    return "; ".join([f"{type(it).__name__}: {it}"[:LONGEST] for it in causes] + inner)


def main():
    judge = OpenAPI.from_file_path(sys.argv[1])
    for place, line in enumerate(sys.stdin):
        result = judge.unmarshal_request(Request(json.loads(line)))
        for error in result.errors:
            print(json.dumps({"place": place, "text": words(error)}))


main()
