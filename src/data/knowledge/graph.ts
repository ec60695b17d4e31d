import { AntiphonError } from '../../errors/index.js'
import type { Names } from '../listening/names.js'
import type { Adjacency, Direction } from './adjacency.js'
import { NameIndex } from './name-index.js'
import { shortestPaths } from './paths.js'
import { readId, RELATIONS } from './schema.js'
import { attributeNorms, similarBy, SIMILAR_BY, type SimilarBy } from './similar.js'

export interface Entity {
  readonly id: string
  readonly type: string
  readonly name: string
  readonly aliases: readonly string[]
}

/** A relation between two entities, by their ids. */
export interface Triple {
  readonly head: string
  readonly relation: string
  readonly tail: string
  readonly weight: number
}

export interface Neighbour {
  readonly entity: Entity
  readonly relation: string
  /** As seen from the one that was asked for. */
  readonly direction: Direction
  readonly weight: number
}

/** One relation of a path, walked from one id to the other. */
export interface Step {
  readonly from: string
  readonly relation: string
  readonly direction: Direction
  readonly to: string
  readonly weight: number
}

export interface SimilarEntity {
  readonly entity: Entity
  /** Above 0; comparable among those with the same `by`. */
  readonly score: number
  readonly by: SimilarBy
}

export interface FoundEntity {
  readonly entity: Entity
  /** How sure, 0 to 1; 1 where names differ in case, accents, punctuation or "The" at most. */
  readonly score: number
  /** Name or alias that was meant. */
  readonly name: string
}

interface GraphParts {
  readonly ids: Names
  readonly types: readonly string[]
  readonly typeOf: Uint16Array
  readonly names: Names
  /** Number of the name plus one; 0 where the id says it. */
  readonly nameOf: Uint32Array
  /** Entities and names, in pairs. */
  readonly aliasOwner: Uint32Array
  readonly aliasName: Uint32Array
  readonly relations: readonly string[]
  readonly adjacency: Adjacency
}

/**
 * What is known of music: entities (tracks, artists, albums, genres …) and how they are related. Never changes;
 * `KnowledgeGraphBuilder` makes it. A million relations between half a million entities take about 100 MB.
 */
export class KnowledgeGraph {
  readonly relationNames: readonly string[]
  readonly typeNames: readonly string[]
  readonly #parts: GraphParts
  #aliases: ReadonlyMap<number, readonly string[]> | undefined
  #nameIndex: NameIndex | undefined
  #norms: Float64Array | undefined

  constructor(parts: GraphParts) {
    this.#parts = parts
    this.relationNames = parts.relations
    this.typeNames = parts.types
  }

  /** How many entities. */
  get size(): number {
    return this.#parts.ids.size
  }

  /** How many relations; a symmetric one counts once. */
  get relationCount(): number {
    return this.#parts.adjacency.edges
  }

  has(id: string): boolean {
    return this.#parts.ids.find(id) >= 0
  }

  entity(id: string): Entity | undefined {
    const number = this.#parts.ids.find(id)
    return number < 0 ? undefined : this.#entityAt(number)
  }

  *entities({ type }: { readonly type?: string } = {}): Generator<Entity> {
    const { typeOf, types } = this.#parts
    const wanted = type === undefined ? -1 : types.indexOf(type)
    if (type !== undefined && wanted < 0) return
    for (let number = 0; number < this.size; number++)
      if (wanted < 0 || typeOf[number] === wanted) yield this.#entityAt(number)
  }

  /** Every relation once, by heads in the order in which entities came. */
  *triples(): Generator<Triple> {
    const { adjacency, ids, relations } = this.#parts
    for (let edge = 0; edge < adjacency.edges; edge++)
      yield {
        head: ids.get(adjacency.head[edge]),
        relation: relations[adjacency.relation[edge]],
        tail: ids.get(adjacency.tail[edge]),
        weight: adjacency.weight[edge],
      }
  }

  /** Relations at an entity. @throws AntiphonError `usage` for an unknown id */
  degree(id: string): number {
    return this.#parts.adjacency.degree(this.#number(id))
  }

  /**
   * What an entity is related to, relation by relation, the heaviest first. Symmetric relations lead both ways.
   * @throws AntiphonError `usage` for an unknown id
   */
  neighbours(
    id: string,
    { relation, direction = 'both' }: { readonly relation?: string; readonly direction?: Direction } = {},
  ): Neighbour[] {
    const { adjacency, relations } = this.#parts
    const found: { edge: number; other: number; seen: Direction }[] = []
    adjacency.visit(this.#number(id), direction, (edge, other, seen) => {
      if (relation === undefined || relations[adjacency.relation[edge]] === relation)
        found.push({ edge, other, seen })
    })
    return found
      .sort(
        (a, b) =>
          adjacency.relation[a.edge] - adjacency.relation[b.edge] ||
          adjacency.weight[b.edge] - adjacency.weight[a.edge] ||
          a.other - b.other,
      )
      .map(({ edge, other, seen }) => ({
        entity: this.#entityAt(other),
        relation: relations[adjacency.relation[edge]],
        direction: seen,
        weight: adjacency.weight[edge],
      }))
  }

  /**
   * The shortest ways from one entity to another, along relations in either direction; none where they are further apart
   * than `maxLength` steps.
   * @throws AntiphonError `usage` for an unknown id
   */
  paths(
    from: string,
    to: string,
    { maxLength = 4, limit = 10 }: { readonly maxLength?: number; readonly limit?: number } = {},
  ): Step[][] {
    const { adjacency, relations, ids } = this.#parts
    const bounds = { from: this.#number(from), to: this.#number(to), maxLength, limit }
    return shortestPaths(adjacency, bounds).map((path) =>
      path.map((step) => ({
        from: ids.get(step.from),
        relation: relations[adjacency.relation[step.edge]],
        direction: step.seen,
        to: ids.get(step.to),
        weight: adjacency.weight[step.edge],
      })),
    )
  }

  /**
   * Entities of the same type that are alike: those that `similar_to` names, then those that share attributes (cosine of
   * their attributes' inverse document frequencies), then, for tracks, those by the same or a similar artist.
   * @param by one of these alone
   * @throws AntiphonError `usage` for an unknown id
   */
  similar(
    id: string,
    { by, limit = 10 }: { readonly by?: SimilarBy; readonly limit?: number } = {},
  ): SimilarEntity[] {
    const { adjacency, relations, typeOf } = this.#parts
    const number = this.#number(id)
    const kinds = {
      similar: relations.indexOf('similar_to'),
      madeBy: relations.indexOf('made_by'),
      attribute: relations.map(
        (name) => Object.hasOwn(RELATIONS, name) && RELATIONS[name].attribute === true,
      ),
    }
    const norms = (this.#norms ??= attributeNorms({ adjacency, kinds }))
    const chosen = new Set([number])
    const result: SimilarEntity[] = []
    for (const way of by === undefined ? SIMILAR_BY : [by])
      for (const { node, score } of similarBy(way, { adjacency, kinds, typeOf, norms }, number)) {
        if (result.length === limit) return result
        if (chosen.has(node)) continue
        chosen.add(node)
        result.push({ entity: this.#entityAt(node), score, by: way })
      }
    return result
  }

  /**
   * Entities by name or alias, the surest first: case, accents, punctuation, "The", the order of words and slips of the hand
   * don't matter much. Among equals those with more relations come first. The first call makes an index of all names.
   */
  find(
    name: string,
    { type, limit = 10 }: { readonly type?: string; readonly limit?: number } = {},
  ): FoundEntity[] {
    const { typeOf, types, adjacency } = this.#parts
    this.#nameIndex ??= new NameIndex(this.#everyName())
    const wanted = type === undefined ? -1 : types.indexOf(type)
    if (type !== undefined && wanted < 0) return []
    return this.#nameIndex
      .find(name, {
        limit,
        accepts: wanted < 0 ? undefined : (entity) => typeOf[entity] === wanted,
        rank: (entity) => adjacency.degree(entity),
      })
      .map(({ owner, ...found }) => ({ entity: this.#entityAt(owner), ...found }))
  }

  *#everyName(): Generator<readonly [owner: number, name: string]> {
    const { aliasOwner, aliasName, names } = this.#parts
    for (let number = 0; number < this.size; number++) yield [number, this.#nameAt(number)]
    for (let i = 0; i < aliasOwner.length; i++) yield [aliasOwner[i], names.get(aliasName[i])]
  }

  #number(id: string): number {
    const number = this.#parts.ids.find(id)
    if (number < 0) throw new AntiphonError('usage', `The graph has no entity "${id}"`)
    return number
  }

  #nameAt(number: number): string {
    const { ids, names, nameOf } = this.#parts
    return nameOf[number] > 0 ? names.get(nameOf[number] - 1) : readId(ids.get(number)).name
  }

  #entityAt(number: number): Entity {
    const { ids, types, typeOf } = this.#parts
    return {
      id: ids.get(number),
      type: types[typeOf[number]],
      name: this.#nameAt(number),
      aliases: this.#aliasesAt(number),
    }
  }

  #aliasesAt(number: number): readonly string[] {
    const { aliasOwner, aliasName, names } = this.#parts
    if (aliasOwner.length === 0) return []
    if (this.#aliases === undefined) {
      const aliases = new Map<number, string[]>()
      aliasOwner.forEach((owner, i) => {
        const alias = names.get(aliasName[i])
        const of = aliases.get(owner)
        if (of === undefined) aliases.set(owner, [alias])
        else if (!of.includes(alias)) of.push(alias)
      })
      this.#aliases = aliases
    }
    return this.#aliases.get(number) ?? []
  }
}
