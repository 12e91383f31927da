"""Judges a document with a validator that this project did not write (openapi-spec-validator).

The argument is the document. Each error is printed as a JSON line: where it is, and the judge's words.
"""

import json
import sys

from openapi_spec_validator.readers import read_from_filename
from openapi_spec_validator.shortcuts import get_validator_cls

document, base = read_from_filename(sys.argv[1])
for error in get_validator_cls(document)(document, base_uri=base).iter_errors():
    place = "/".join(str(part) for part in error.absolute_path)
    print(json.dumps({"place": place, "text": error.message}))
