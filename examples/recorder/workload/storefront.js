// storefront: the application behind the load balancer. Calls catalog and orders.
'use strict';
require('./lib/telemetry');
const { logger } = require('./lib/log');
const { serve, client, HttpError, Reply } = require('./lib/http');
const defect = require('./lib/defect');

const catalog = client(process.env.CATALOG_URL, 'catalog'), orders = client(process.env.ORDERS_URL, 'orders');
const ordersLog = logger('storefront.orders-client'), catalogLog = logger('storefront.catalog-client');
const home = logger('storefront.home'), checkout = logger('storefront.checkout');
const sleep = (ms) => new Promise((r) => { setTimeout(r, ms); });

async function call(log, name, api, method, path, opts) {
  let r;
  try {
    r = await api(method, path, opts);
  } catch (e) {
    log.error(`call to ${name} failed: ${e.message}`, e.status === 504 ? undefined : e);
    throw e;
  }
  if (r.status >= 500) {
    log.error(`${method} ${path} answered ${r.status} after ${r.ms} ms: ${r.body?.error}`);
    throw new HttpError(502, `${name} answered ${r.status}`);
  }
  if (r.status >= 400) throw new HttpError(r.status, r.body.error);
  if (r.ms > 500) log.warn(`slow response from ${name}: ${method} ${path} took ${r.ms} ms`);
  return r.body;
}
const fromCatalog = (path) => call(catalogLog, 'catalog', catalog, 'GET', path, { timeout: 3000 });
const fromOrders = (path, timeout = 5000) => call(ordersLog, 'orders', orders, 'GET', path, { timeout });

serve('storefront', Number(process.env.PORT), [
  ['GET', '/healthz', async () => ({ ok: true }), { quiet: true }],
  ['GET', '/', async ({ query }) => {
    const page = fromCatalog('/products?page=0');
    let recent = [];
    if (query.customer) {
      try {
        recent = await fromOrders(`/customers/${query.customer}/orders`, 1500);
      } catch (e) {
        home.warn(`home page of customer ${query.customer} without recent orders: ${e.message}`);
      }
    }
    return { products: await page, recent };
  }],
  ['GET', '/api/products', async ({ query }) => fromCatalog(`/products?page=${query.page || 0}`)],
  ['GET', '/api/products/:id', async ({ params }) => {
    const p = await fromCatalog(`/products/${params.id}`);
    if (defect('reads_a_field_that_is_not_there')) p.label = p.discount.label;
    return p;
  }],
  ['GET', '/api/v1/products/:id', async ({ params }) => fromCatalog(`/v1/products/${params.id}`)],
  ['GET', '/api/search', async ({ query }) => fromCatalog(`/search?q=${encodeURIComponent(query.q)}`)],
  ['GET', '/api/customers/:id/orders', async ({ params }) => fromOrders(`/customers/${params.id}/orders`)],
  ['GET', '/api/orders/:id', async ({ params }) => fromOrders(`/orders/${params.id}`)],
  ['POST', '/api/checkout', async ({ body }) => {
    const items = await Promise.all(body.items.map(async (i) => {
      const p = await fromCatalog(`/products/${i.product}`);
      return { sku: p.sku, price: p.price, quantity: i.quantity };
    }));
    for (let attempt = 1; ; attempt++) {
      try {
        const o = await call(ordersLog, 'orders', orders, 'POST', '/orders', { body: { customer: body.customer, items }, timeout: 5000 });
        checkout.info(`checkout of customer ${body.customer} done: order ${o.id}, ${items.length} items, total ${(o.total / 100).toFixed(2)} EUR`);
        return new Reply(201, { order: o.id });
      } catch (e) {
        if (e.status < 500) throw e;
        if (attempt === 3) {
          checkout.error(`checkout of customer ${body.customer} failed after ${attempt} attempts`, e);
          throw e;
        }
        const wait = 200 * 2 ** (attempt - 1);
        checkout.warn(`checkout of customer ${body.customer}: attempt ${attempt} failed (${e.message}), retry in ${wait} ms`);
        await sleep(wait);
      }
    }
  }],
]);
