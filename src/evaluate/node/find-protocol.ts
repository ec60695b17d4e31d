import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AntiphonError } from '../../errors/index.js'
import { parseProtocol, type Protocol } from '../protocol.js'

/** Beside `dist` in the package's root: dist/src/evaluate/node -> protocols. */
const SHIPPED = fileURLToPath(new URL('../../../../protocols/', import.meta.url))
const EXTENSION = '.yaml'

export interface FoundProtocol {
  readonly protocol: Protocol
  readonly file: string
  /** SHA-256, hex, of the protocol with every choice made: comments and layout of the file aside. */
  readonly hash: string
}

/** Names of the protocols that come with the package, in order. */
export async function protocolNames(): Promise<string[]> {
  const names = await readdir(SHIPPED)
  return names
    .filter((name) => name.endsWith(EXTENSION))
    .map((name) => name.slice(0, -EXTENSION.length))
    .sort()
}

/**
 * A protocol by its name, or from a file (whatever ends in .yaml or .yml, or holds a slash).
 * @throws AntiphonError `usage` where there is none, or what is wrong in it
 */
export async function findProtocol(nameOrFile: string): Promise<FoundProtocol> {
  const { protocol: own, file } = await readProtocol(nameOrFile)
  const protocol = await withSuite(own)
  return { protocol, file, hash: protocolHash(protocol) }
}

/** As it is written: a suite is not brought in. */
async function readProtocol(nameOrFile: string): Promise<Pick<FoundProtocol, 'protocol' | 'file'>> {
  const isFile = /[/\\]|\.ya?ml$/.test(nameOrFile)
  const file = isFile ? resolve(nameOrFile) : join(SHIPPED, nameOrFile + EXTENSION)
  if (!isFile && !existsSync(file))
    throw new AntiphonError(
      'usage',
      `There is no protocol "${nameOrFile}" (expected ${(await protocolNames()).join(', ')}, or a YAML file)`,
    )
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (cause) {
    throw new AntiphonError('usage', `Cannot read the protocol ${nameOrFile}: ${(cause as Error).message}`, {
      cause,
    })
  }
  return { protocol: parseProtocol(text, { file: isFile ? nameOrFile : file }), file }
}

/** Brings in the probes of a suite, each with the title of its protocol. Suites of suites there are none: one could hold itself. */
async function withSuite(protocol: Protocol): Promise<Protocol> {
  if (!protocol.suite) return protocol
  const found = await Promise.all(protocol.suite.map(readProtocol))
  const probes = found.flatMap((other) =>
    (other.protocol.probes ?? []).map((probe) => ({ title: other.protocol.title, ...probe })),
  )
  const without = found.find((other) => !other.protocol.probes)
  if (without)
    throw new AntiphonError(
      'usage',
      `The protocol "${without.protocol.name}", of the suite "${protocol.name}", has no probes of its own`,
    )
  return { ...protocol, probes }
}

/** SHA-256, hex: keys in their order, as the schema has them. */
export function protocolHash(protocol: Protocol): string {
  return createHash('sha256').update(JSON.stringify(protocol)).digest('hex')
}
