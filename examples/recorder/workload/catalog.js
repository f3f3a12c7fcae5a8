// catalog: products, prices and search, all in memory, with a price cache whose size and whose log level can be changed while it runs.
'use strict';
require('./lib/telemetry');
const { logger, getLevel, setLevel } = require('./lib/log');
const { serve, HttpError } = require('./lib/http');
const defect = require('./lib/defect');

const products = Array.from({ length: 400 }, (_, i) => ({
  id: i + 1, sku: `SKU-${String(10000 + i * 7)}`, name: `Product ${i + 1}`, cents: 500 + (i * 7919) % 20000, thumbnail: i % 11 !== 3,
}));
const http = logger('catalog.api'), cacheLog = logger('catalog.cache'), images = logger('catalog.images'), search = logger('catalog.search');
let cacheSize = 500, mergeEvery = 25, hits = 0, misses = 0;
const cache = new Map(), viewed = [];
const sleep = (ms) => new Promise((r) => { setTimeout(r, ms); });

async function price(p) {
  if (cache.has(p.id)) { hits++; return cache.get(p.id); }
  misses++;
  await sleep(3 + (p.id % 5)); // price rules are evaluated
  while (cache.size >= cacheSize) cache.delete(cache.keys().next().value);
  cache.set(p.id, p.cents);
  return p.cents;
}

async function product(id) {
  const p = products[id - 1];
  if (!p) throw new HttpError(404, `no product ${id}`);
  if (defect('keeps_what_was_viewed')) viewed.push(Buffer.alloc(2560 * 1024, p.name));
  if (!p.thumbnail) images.error(`thumbnail of product ${id} missing in bucket shop-thumbnails, placeholder used`);
  return { id: p.id, sku: p.sku, name: p.name, price: await price(p) };
}

let searches = 0;
serve('catalog', Number(process.env.PORT), [
  ['GET', '/healthz', async () => ({ ok: true }), { quiet: true }],
  ['GET', '/products', async ({ query }) => {
    const from = Number(query.page || 0) * 12;
    return Promise.all(products.slice(from, from + 12).map(async (p) => ({ id: p.id, sku: p.sku, name: p.name, price: await price(p) })));
  }],
  ['GET', '/products/:id', async ({ params }) => product(Number(params.id))],
  ['GET', '/v1/products/:id', async ({ params, req }) => {
    http.warn(`deprecated API GET /v1/products/${params.id} called by ${req.headers['user-agent'] || 'storefront'}, use /products`);
    return product(Number(params.id));
  }],
  ['GET', '/search', async ({ query }) => {
    const started = Date.now();
    if (++searches % mergeEvery === 0) { // the index is rebuilt now and then, and the search waits for it
      await sleep(600 + (searches * 37) % 500);
      search.warn(`index segment merged during search, ${Date.now() - started} ms`);
    }
    const found = products.filter((p) => p.name.includes(query.q)).slice(0, 10);
    await sleep(4);
    search.info(`search "${query.q}": ${found.length} hits in ${Date.now() - started} ms`);
    return found.map((p) => ({ id: p.id, name: p.name }));
  }],
  ['GET', '/admin/config', async () => ({ 'cache.size': cacheSize, 'log.level': getLevel() }), { quiet: true }],
  ['PUT', '/admin/config', async ({ body }) => {
    if (body['search.merge.every']) mergeEvery = body['search.merge.every'];
    if (body['cache.size']) cacheSize = body['cache.size'];
    if (body['log.level']) setLevel(body['log.level']);
    while (cache.size > cacheSize) cache.delete(cache.keys().next().value);
    cacheLog.info(`configuration reloaded: cache.size=${cacheSize} log.level=${getLevel()}`);
    return { 'cache.size': cacheSize, 'log.level': getLevel() };
  }, { quiet: true }],
]);

setInterval(() => {
  cacheLog.info(`price cache: ${cache.size} entries, ${hits} hits, ${misses} misses in the last 30 s`);
  hits = misses = 0;
}, 30000);
