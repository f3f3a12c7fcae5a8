// orders: keeps the orders, in PostgreSQL.
'use strict';
require('./lib/telemetry');
const { metrics, trace, SpanStatusCode } = require('@opentelemetry/api');
const fs = require('node:fs/promises');
const { Pool } = require('pg');
const { logger } = require('./lib/log');
const { serve, client, HttpError, Reply } = require('./lib/http');
const defect = require('./lib/defect');

const host = process.env.DB_HOST, port = Number(process.env.DB_PORT || 5432);
const pool = new Pool({
  host, port, user: 'orders_app', password: process.env.DB_PASSWORD, database: 'orders', application_name: 'orders',
  max: 10, min: 2, idleTimeoutMillis: 30000, connectionTimeoutMillis: 3000, query_timeout: 5000, keepAlive: true,
});
const poolLog = logger('orders.pool'), repo = logger('orders.repository'), service = logger('orders.service'), paymentsLog = logger('orders.payments-client'), jobs = logger('orders.jobs');
pool.on('error', (e) => poolLog.error(`idle client of ${host}:${port} failed`, e));
pool.on('connect', (c) => poolLog.info(`new connection to ${host}:${port} (${c.connection?.stream?.remoteAddress}), pool total=${pool.totalCount} idle=${pool.idleCount}`));

const state = () => `pool total=${pool.totalCount} idle=${pool.idleCount} waiting=${pool.waitingCount}`;

metrics.getMeter('orders').createObservableGauge('orders.db.pool.connections', { description: 'Connections of the pool, and requests that wait for one', unit: '{connection}' })
  .addCallback((r) => {
    r.observe(pool.totalCount, { state: 'total' });
    r.observe(pool.idleCount, { state: 'idle' });
    r.observe(pool.waitingCount, { state: 'waiting' });
  });

async function db(name, work) {
  const started = Date.now();
  try {
    const out = await work();
    const ms = Date.now() - started;
    if (ms > 250) repo.warn(`slow query ${name}: ${ms} ms (${state()})`);
    return out;
  } catch (e) {
    repo.error(`query ${name} on ${host}:${port} failed after ${Date.now() - started} ms (${state()})`, e);
    throw new HttpError(503, 'database unavailable', e);
  }
}
const payments = client(process.env.PAYMENTS_URL, 'payments', { keepAlive: false });
let maxLines = 20;

async function charge(customer, cents) {
  let r;
  try {
    r = await payments('POST', '/payments', { body: { customer, cents }, timeout: 4000 });
  } catch (e) {
    paymentsLog.error(`payment of customer ${customer} failed: ${e.message}`, e);
    throw e;
  }
  if (r.status >= 500) {
    paymentsLog.error(`payment of customer ${customer} failed: payments answered ${r.status} after ${r.ms} ms: ${r.body.error}`);
    throw new HttpError(502, `payments answered ${r.status}`);
  }
  if (r.status >= 400) throw new HttpError(r.status, r.body.error);
  paymentsLog.info(`payment ${r.body.id} authorized for customer ${customer}: ${(cents / 100).toFixed(2)} EUR`);
  return r.body.id;
}

// The receipt of an order is kept as a file.
async function writeReceipt(id, body, total) {
  const lines = body.items.map((i) => `${i.sku} x ${i.quantity} at ${(i.price / 100).toFixed(2)}`.padEnd(70)).join('\n');
  try {
    await fs.writeFile(`${process.env.RECEIPTS}/${id}.txt`, `order ${id}\n${lines}\ntotal ${(total / 100).toFixed(2)} EUR\n`);
  } catch (e) {
    service.error(`receipt of order ${id} could not be written`, e);
    throw new HttpError(500, 'receipt could not be written', e);
  }
}

const query = (name, text, values) => db(name, () => pool.query(text, values));

async function transaction(name, work) {
  return db(name, async () => {
    const c = await pool.connect();
    let failed;
    try {
      await c.query('BEGIN');
      const out = await work(c);
      await c.query('COMMIT');
      return out;
    } catch (e) {
      failed = e;
      throw e;
    } finally {
      c.release(failed); // a connection that failed is thrown away
    }
  });
}

serve('orders', Number(process.env.PORT), [
  ['GET', '/healthz', async () => ({ ok: true }), { quiet: true }],
  ['GET', '/customers/:id/orders', async ({ params }) => {
    if (defect('keeps_connections') && Number(params.id) % 3 === 0) await db('list_by_customer', async () => (await pool.connect()).query('SELECT 1'));
    const r = await query('list_by_customer', 'SELECT id, status, total_cents, created_at FROM orders WHERE customer_id = $1 ORDER BY created_at DESC LIMIT 10', [params.id]);
    repo.info(`loaded ${r.rowCount} orders of customer ${params.id}`);
    return r.rows;
  }],
  ['GET', '/orders/:id', async ({ params }) => {
    const r = await query('get_order', 'SELECT o.id, o.status, o.total_cents, i.sku, i.quantity FROM orders o JOIN order_items i ON i.order_id = o.id WHERE o.id = $1', [params.id]);
    if (!r.rowCount) {
      service.warn(`order ${params.id} not found`);
      throw new HttpError(404, 'no such order');
    }
    return { id: r.rows[0].id, status: r.rows[0].status, total: r.rows[0].total_cents, items: r.rows.map((x) => ({ sku: x.sku, quantity: x.quantity })) };
  }],
  ['POST', '/orders', async ({ body }) => {
    const started = Date.now();
    if (body.items.length > maxLines) throw new Error(`order of customer ${body.customer} refused: ${body.items.length} lines, at most ${maxLines} are allowed`);
    const total = body.items.reduce((s, i) => s + i.price * i.quantity, 0);
    const payment = defect('does_not_charge') ? null : await charge(body.customer, total);
    const id = await transaction('create_order', async (c) => {
      const o = await c.query('INSERT INTO orders (customer_id, status, total_cents, payment) VALUES ($1, $2, $3, $4) RETURNING id', [body.customer, 'new', total, payment]);
      for (const i of body.items) await c.query('INSERT INTO order_items (order_id, sku, quantity, price_cents) VALUES ($1, $2, $3, $4)', [o.rows[0].id, i.sku, i.quantity, i.price]);
      return o.rows[0].id;
    });
    await writeReceipt(id, body, total);
    service.info(`order ${id} created for customer ${body.customer}: ${body.items.length} items, total ${(total / 100).toFixed(2)} EUR, ${Date.now() - started} ms`);
    return new Reply(201, { id, total });
  }],
  ['GET', '/admin/config', async () => ({ 'order.max.lines': maxLines }), { quiet: true }],
  ['PUT', '/admin/config', async ({ body }) => {
    maxLines = body['order.max.lines'];
    service.info(`configuration reloaded: order.max.lines=${maxLines}`);
    return { 'order.max.lines': maxLines };
  }, { quiet: true }],
]);

poolLog.info(`database is ${host}:${port}, max 10 connections, connect timeout 3000 ms, query timeout 5000 ms`);
setInterval(() => poolLog.info(state()), 30000);

// Every 20 s new orders are settled in one batch.
let run = 0;
setInterval(() => trace.getTracer('orders').startActiveSpan('settlement', async (span) => {
  const n = ++run, started = Date.now();
  try {
    const r = await query('settle_orders', "UPDATE orders SET status = 'settled' WHERE id IN (SELECT id FROM orders WHERE status = 'new' AND payment IS NOT NULL AND created_at < now() - interval '5 seconds' ORDER BY id LIMIT 200)");
    jobs.info(`settlement run ${n}: ${r.rowCount} orders settled in ${Date.now() - started} ms`);
  } catch (e) {
    span.recordException(e);
    span.setStatus({ code: SpanStatusCode.ERROR, message: e.message });
    jobs.error(`settlement run ${n} given up: ${e.message}`);
  } finally {
    span.end();
  }
}), 20000);
