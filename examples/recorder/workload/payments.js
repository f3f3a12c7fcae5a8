// payments: charges customers at the payment provider, which is somebody else's service.
'use strict';
require('./lib/telemetry');
const { logger } = require('./lib/log');
const { serve, client, HttpError, Reply } = require('./lib/http');

const provider = client(process.env.PROVIDER_URL, 'the payment provider', { keepAlive: false });
const log = logger('payments.provider-client'), service = logger('payments.service');

serve('payments', Number(process.env.PORT), [
  ['GET', '/healthz', async () => ({ ok: true }), { quiet: true }],
  ['POST', '/payments', async ({ body }) => {
    let r;
    try {
      r = await provider('POST', '/v1/charges', { body, timeout: 3000 });
    } catch (e) {
      log.error(`charge of customer ${body.customer} failed: ${e.message}`, e);
      throw e;
    }
    if (r.status === 402) {
      service.warn(`charge of customer ${body.customer} declined: ${r.body.error}`);
      throw new HttpError(402, r.body.error);
    }
    if (r.status !== 201) {
      log.error(`POST ${process.env.PROVIDER_URL}/v1/charges answered ${r.status} after ${r.ms} ms: ${r.body.error}`);
      throw new HttpError(503, `payment provider answered ${r.status}`);
    }
    service.info(`charge ${r.body.id} of customer ${body.customer}: ${(body.cents / 100).toFixed(2)} EUR in ${r.ms} ms`);
    return new Reply(201, { id: r.body.id });
  }],
]);
