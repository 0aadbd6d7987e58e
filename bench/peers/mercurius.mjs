// Mercurius with its JIT from the first request on.
import Fastify from 'fastify'
import mercurius from 'mercurius'
import { ended, isLogged, requestId } from './observed.mjs'
import { resolvers, typeDefs } from './schema.mjs'

const app = Fastify({ logger: false, genReqId: isLogged ? (request) => requestId(request.headers['x-request-id']) : undefined })
if (isLogged) {
  app.addHook('onSend', (request, reply, payload, done) => {
    reply.header('x-request-id', request.id)
    done(null, payload)
  })
  app.addHook('onResponse', (request, reply, done) => {
    ended(request.id, request.method, request.url, reply.statusCode, reply.elapsedTime)
    done()
  })
}
const context = (request) => ({ authorization: request.headers.authorization })
app.register(mercurius, { schema: typeDefs, resolvers, jit: 1, context })
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' })
