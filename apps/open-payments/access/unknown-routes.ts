import type { AccessControl } from '@kivuko/grants'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'

/** What there is and what there is not, is told only to tokens. */
export function guardUnknownRoutes(app: NestFastifyApplication, accessControl: AccessControl): void {
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRequest', async (request) => {
      if (request.is404) await accessControl.recognize(request.headers.authorization)
    })
}
