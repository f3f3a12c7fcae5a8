// Load generator: a seeded mix of requests at random moments (about RATE per second), from several clients, until it is stopped.
'use strict';
const fs = require('node:fs');
const http = require('node:http');
const https = require('node:https');

let seed = Number(process.env.SEED || 1) >>> 0;
function random() { // mulberry32
  seed = (seed + 0x6D2B79F5) >>> 0;
  let t = seed;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const int = (n) => Math.floor(random() * n);
const pick = (list) => list[int(list.length)];

const lb = process.env.LB_ADDRESS, host = process.env.LB_NAME, ca = fs.readFileSync(process.env.LB_CA);
const agents = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15',
  'Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1',
  'ShopApp/3.2.1 (Android 14)',
];
const people = process.env.CLIENTS.split(',').map((address, i) => ({
  address, agent: agents[i % agents.length], conn: new https.Agent({ keepAlive: true, localAddress: address, ca, servername: host, timeout: 60000 }),
}));

function send(person, method, path, { body, plain } = {}) {
  const text = body && JSON.stringify(body);
  const req = (plain ? http : https).request({
    host: lb, port: plain ? 80 : 443, method, path, agent: plain ? undefined : person.conn, localAddress: person.address, servername: host, timeout: 30000,
    headers: { host, 'user-agent': person.agent, accept: '*/*', ...(text ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) } : {}) },
  }, (res) => res.resume());
  req.on('timeout', () => req.destroy());
  req.on('error', (e) => console.error(`${method} ${path}: ${e.message}`));
  req.end(text);
}

const customer = () => 1 + int(2000);
const product = () => 1 + Math.floor(400 * random() ** 2); // some products are asked for more often than others
const mix = [
  [12, (p) => send(p, 'GET', `/?customer=${customer()}`)],
  [8, (p) => send(p, 'GET', '/')],
  [22, (p) => send(p, 'GET', `/api/products/${product()}`)],
  [8, (p) => send(p, 'GET', `/api/products?page=${int(30)}`)],
  [10, (p) => send(p, 'GET', `/api/search?q=${pick(['Product 1', 'Product 22', '3', '40', 'Product 9', 'lamp'])}`.replace(' ', '%20'))],
  [5, (p) => send(p, 'GET', `/api/v1/products/${product()}`)],
  [12, (p) => send(p, 'GET', `/api/customers/${customer()}/orders`)],
  [8, (p) => send(p, 'GET', `/api/orders/${random() < 0.96 ? 1 + int(20000) : 900000 + int(1000)}`)],
  [14, (p) => send(p, 'POST', '/api/checkout', { body: { customer: customer(), items: Array.from({ length: 1 + int(3) }, () => ({ product: product(), quantity: 1 + int(3) })) } })],
  [2, (p) => send(p, 'GET', `/api/products/${400 + 1 + int(200)}`)],
  [2, (p) => send(p, 'GET', pick(['/favicon.ico', '/robots.txt', '/wp-login.php', '/.well-known/security.txt', '/apple-touch-icon.png']))],
  [1, (p) => send(p, 'GET', '/shop/start')],
  [1, (p) => send(p, 'GET', '/', { plain: true })],
];
const total = mix.reduce((s, [w]) => s + w, 0);

let stopped = false;
function next() {
  if (stopped) return;
  let x = random() * total;
  for (const [w, act] of mix) if ((x -= w) < 0) { act(pick(people)); break; }
  setTimeout(next, -Math.log(1 - random()) * 1000 / Number(process.env.RATE || 4.5));
}
next();

const probe = { ...people[0], agent: 'uptime-probe/1.4' };
const probing = setInterval(() => send(probe, 'GET', '/healthz'), 10000);

process.on('SIGTERM', () => { // requests under way may end
  stopped = true;
  clearInterval(probing);
  setTimeout(() => process.exit(0), 12000);
});
