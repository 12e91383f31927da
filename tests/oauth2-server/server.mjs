// A real OAuth2 server, and behind it a few resources of the API that ask it about each token.
// It says `port N` once it listens, counts what reaches it (GET /counts), and ends when its input
// does: so it outlives no test, however that ends.

import http from 'node:http';
import Provider from 'oidc-provider';

const [clientId, clientSecret, life] = process.argv.slice(2);

const RESOURCES = {
  '/xapi/v1/Defs': { '@odata.context': '$metadata#Defs/$entity', Id: 7 },
  '/xapi/v1/Users': {
    '@odata.context': '$metadata#Users',
    value: [{ Id: 12, Number: '101' }, { Id: 13, Number: '102' }],
  },
};

// The library warns of storage in memory and of keys made up at each start: right for a test.
console.warn = () => {};

const counts = { signIns: 0, answered: 0, refused: 0 };

function answer(response, status, body, headers = {}) {
  const type = 'application/json; odata.metadata=minimal';
  response.writeHead(status, { 'content-type': type, ...headers });
  response.end(JSON.stringify(body));
}

// Over HTTP, as a resource server apart from the authorization server does it (RFC 7662).
async function isActive(origin, token) {
  const form = { token, client_id: clientId, client_secret: clientSecret };
  const reply = await fetch(`${origin}/token/introspection`, {
    method: 'POST',
    body: new URLSearchParams(form),
  });
  if (!reply.ok) throw new Error(`introspection: ${reply.status} ${await reply.text()}`);
  return (await reply.json()).active;
}

async function resource(origin, request, response, path) {
  const [, token] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
  if (!token || !(await isActive(origin, token))) {
    counts.refused += 1;
    const challenge = { 'www-authenticate': 'Bearer error="invalid_token"' };
    return answer(response, 401, { error: { code: '', message: 'Unauthorized' } }, challenge);
  }
  counts.answered += 1;
  const body = request.method === 'GET' ? RESOURCES[path] : undefined;
  return answer(response, body ? 200 : 404, body ?? { error: { code: '', message: 'Not found' } });
}

const server = http.createServer();
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address();
  const origin = `http://127.0.0.1:${port}`;
  const provider = new Provider(origin, {
    clients: [{
      client_id: clientId,
      client_secret: clientSecret,
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
      token_endpoint_auth_method: 'client_secret_post',
    }],
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      introspection: { enabled: true },
    },
    routes: { token: '/connect/token' },
    ttl: { ClientCredentials: Number(life) },
  });
  provider.on('grant.success', () => { counts.signIns += 1; });
  provider.on('server_error', (_, error) => console.error(error));
  const oauth = provider.callback();
  server.on('request', (request, response) => {
    const path = request.url.split('?')[0];
    if (path === '/counts') return answer(response, 200, counts);
    if (!path.startsWith('/xapi/')) return oauth(request, response);
    return resource(origin, request, response, path).catch((error) => {
      console.error(error);
      answer(response, 500, {});
    });
  });
  console.log(`port ${port}`);
});

process.stdin.on('end', () => process.exit()).resume();
