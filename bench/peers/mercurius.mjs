// Mercurius with its JIT from the first request on.
import Fastify from 'fastify'
import mercurius from 'mercurius'
import { resolvers, typeDefs } from './schema.mjs'

const app = Fastify({ logger: false })
const context = (request) => ({ authorization: request.headers.authorization })
app.register(mercurius, { schema: typeDefs, resolvers, jit: 1, context })
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' })
