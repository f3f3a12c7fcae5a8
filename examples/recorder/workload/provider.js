// The payment provider: somebody else's service, of which nothing is recorded. Charges take a while, some cards are declined, and who
// asks more often than the quota allows is refused. PUT /quota {"requests": N, "seconds": S} and PUT /delay {"ms": N} change it.
'use strict';
const fs = require('node:fs');
const https = require('node:https');

let quota = { requests: 600, seconds: 60 }, delay = 0, charges = 0, since = 0, used = 0;

function charge(request) {
  if (Date.now() - since > quota.seconds * 1000) { since = Date.now(); used = 0; }
  if (++used > quota.requests) return [429, { error: `rate limit exceeded: ${quota.requests} requests per ${quota.seconds} s` }];
  if (request.customer % 23 === 0) return [402, { error: 'card declined' }];
  return [201, { id: `P${800000 + ++charges}` }];
}

https.createServer({ key: fs.readFileSync(process.env.TLS_KEY), cert: fs.readFileSync(process.env.TLS_CERT) }, (req, res) => {
  let text = '';
  req.on('data', (d) => { text += d; }).on('end', () => {
    const request = JSON.parse(text);
    let status = 200, answer = {};
    if (req.url === '/quota') quota = request;
    else if (req.url === '/delay') delay = request.ms;
    else [status, answer] = charge(request);
    const wait = req.url === '/v1/charges' ? delay + 25 + (request.customer % 7) * 6 : 0;
    setTimeout(() => { res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer)); }, wait);
  });
}).listen(Number(process.env.PORT));
