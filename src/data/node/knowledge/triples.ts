import type { KnowledgeGraphBuilder } from '../../knowledge/builder.js'
import { LITERALS } from '../../knowledge/triple-lines.js'
import { MAX_NAME_BYTES, Names } from '../../listening/names.js'
import { Fields } from '../listening/fields.js'
import { eachLine } from '../listening/lines.js'
import type { WrongRowList } from '../listening/wrong-row-list.js'

export interface ReadTriplesOptions {
  readonly builder: KnowledgeGraphBuilder
  readonly wrong: WrongRowList
  readonly signal?: AbortSignal
}

const HASH = 0x23
/** Numbers of relations are kept in 16 bits. */
const MOST_RELATIONS = 65_535

/**
 * `head \t relation \t tail`, perhaps `\t weight`; blank lines and those that begin with `#` are none. Of `type`, `name` and
 * `alias` the tail is not an entity but what the head is, or is called.
 * @returns rows
 */
export async function readTriples(
  path: string,
  { builder, wrong, signal }: ReadTriplesOptions,
): Promise<number> {
  const fields = new Fields()
  const kinds = new Names()
  /** By kind: number of the relation, or -1, -2, -3 for a literal. */
  const numbers: number[] = []
  const kindOf = (bytes: Buffer): number => {
    const kind = kinds.addBytes(bytes, fields.from[1], fields.to[1])
    if (kind === numbers.length) {
      const literal = (LITERALS as readonly string[]).indexOf(kinds.get(kind))
      numbers.push(literal >= 0 ? -1 - literal : builder.relation(kinds.get(kind)))
    }
    return numbers[kind]
  }
  const add = (bytes: Buffer): string | undefined => {
    if (fields.count < 3 || fields.count > 4)
      return `${fields.count} fields (expected head, relation, tail and perhaps a weight, tabs between)`
    for (const [field, name] of ['head', 'relation', 'tail'].entries()) {
      if (fields.isEmpty(field)) return `no ${name}`
      if (fields.to[field] - fields.from[field] > MAX_NAME_BYTES)
        return `a ${name} of more than ${MAX_NAME_BYTES} bytes`
    }
    const weight = fields.count === 4 ? Number(fields.isEmpty(3) ? NaN : fields.text(bytes, 3)) : 1
    if (!(weight > 0 && weight < Infinity)) return `weight "${fields.text(bytes, 3)}" is no number above 0`
    const kind = kindOf(bytes)
    if (kind >= MOST_RELATIONS) return `more than ${MOST_RELATIONS} relations`
    const head = builder.entityBytes(bytes, fields.from[0], fields.to[0])
    if (kind >= 0) {
      builder.relateNumbers(head, kind, builder.entityBytes(bytes, fields.from[2], fields.to[2]), weight)
      return undefined
    }
    const value = bytes.toString('utf8', fields.from[2], fields.to[2])
    const literal = LITERALS[-1 - kind]
    const facts = literal === 'alias' ? { aliases: [value] } : { [literal]: value }
    builder.entity(bytes.toString('utf8', fields.from[0], fields.to[0]), facts)
    return undefined
  }
  return eachRow(path, { fields, add, wrong, signal })
}

/** `id \t type \t name`, perhaps `\t alias` once or more; the type or the name may be empty. @returns rows */
export async function readNodes(
  path: string,
  { builder, wrong, signal }: ReadTriplesOptions,
): Promise<number> {
  const add = (line: string): string | undefined => {
    const [id, type, name, ...aliases] = line.split('\t')
    if (type === undefined) return '1 field (expected id, type, name and perhaps aliases, tabs between)'
    if (id === '') return 'no id'
    const facts = {
      type: type || undefined,
      name: name || undefined,
      aliases: aliases.filter((alias) => alias !== ''),
    }
    try {
      builder.entity(id, facts)
    } catch (error) {
      return (error as Error).message
    }
    return undefined
  }
  return eachRow(path, { add: (bytes, from, to) => add(bytes.toString('utf8', from, to)), wrong, signal })
}

async function eachRow(
  path: string,
  {
    fields,
    add,
    wrong,
    signal,
  }: {
    readonly fields?: Fields
    readonly add: (bytes: Buffer, from: number, to: number) => string | undefined
    readonly wrong: WrongRowList
    readonly signal?: AbortSignal
  },
): Promise<number> {
  let rows = 0
  await eachLine(
    path,
    {
      line: (bytes, from, to, number) => {
        if (from === to || bytes[from] === HASH) return
        rows++
        fields?.cut(bytes, from, to)
        const reason = add(bytes, from, to)
        if (reason !== undefined) wrong.add(path, number, reason)
      },
      wrong: (reason, number) => {
        rows++
        wrong.add(path, number, reason)
      },
    },
    { signal },
  )
  return rows
}
