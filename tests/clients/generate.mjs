// Prints the types that GraphQL Code Generator makes of documents: `node generate.mjs SCHEMA DOCUMENT…`.
import { readFileSync } from 'node:fs'
import { codegen } from '@graphql-codegen/core'
import * as operations from '@graphql-codegen/typescript-operations'
import { parse } from 'graphql'

const read = (location) => ({ location, document: parse(readFileSync(location, 'utf8')) })
const [schema, ...documents] = process.argv.slice(2).map(read)
const scalars = { BigInt: 'number', DateTime: 'string', Decimal: 'string' }
const output = await codegen({
  schema: schema.document,
  documents,
  filename: 'gateway.ts',
  config: { strictScalars: true, scalars },
  plugins: [{ operations: {} }],
  pluginMap: { operations },
})
process.stdout.write(output)
