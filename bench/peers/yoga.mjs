// GraphQL Yoga, with graphql-jit (JIT=1) or with a response cache for each credential (CACHE=1).
import { createServer } from 'node:http'
import { useGraphQlJit } from '@envelop/graphql-jit'
import { useResponseCache } from '@graphql-yoga/plugin-response-cache'
import { createSchema, createYoga } from 'graphql-yoga'
import { ended, isLogged, requestId } from './observed.mjs'
import { resolvers, typeDefs } from './schema.mjs'

const plugins = []
if (process.env.JIT === '1') plugins.push(useGraphQlJit())
if (process.env.CACHE === '1') {
  plugins.push(useResponseCache({ session: (request) => request.headers.get('authorization'), ttl: 3_600_000 }))
}
const yoga = createYoga({
  schema: createSchema({ typeDefs, resolvers }),
  logging: false,
  graphiql: false,
  plugins,
  context: ({ request }) => ({ authorization: request.headers.get('authorization') }),
})
function logged(request, response) {
  const began = performance.now()
  const id = requestId(request.headers['x-request-id'])
  response.setHeader('x-request-id', id)
  response.on('finish', () => ended(id, request.method, request.url, response.statusCode, performance.now() - began))
  return yoga(request, response)
}
createServer(isLogged ? logged : yoga).listen(Number(process.env.PORT), '127.0.0.1')
