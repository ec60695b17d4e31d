import { float32Column, uint16Column, uint32Column } from '../listening/column.js'
import { Names } from '../listening/names.js'
import { Adjacency } from './adjacency.js'
import { KnowledgeGraph } from './graph.js'
import { readId, RELATIONS, UNKNOWN_TYPE } from './schema.js'

export interface EntityFacts {
  /** @default what the id or a relation says */
  readonly type?: string
  /** @default what the id says */
  readonly name?: string
  readonly aliases?: readonly string[]
}

/** Gathers entities and relations in any order; `build` makes the graph of them. */
export class KnowledgeGraphBuilder {
  readonly #ids = new Names()
  readonly #types = new Names()
  readonly #relations = new Names()
  readonly #names = new Names()
  readonly #typeOf = uint16Column()
  readonly #nameOf = uint32Column()
  readonly #aliasOwner = uint32Column()
  readonly #aliasName = uint32Column()
  readonly #heads = uint32Column()
  readonly #kinds = uint16Column()
  readonly #tails = uint32Column()
  readonly #weights = float32Column()

  constructor() {
    this.#types.add(UNKNOWN_TYPE)
  }

  /** Relations given so far. */
  get relations(): number {
    return this.#heads.length
  }

  /** Says more of an entity, which may be known already: the first type and the first name stay, aliases add up. */
  entity(id: string, { type, name, aliases = [] }: EntityFacts = {}): number {
    const number = this.#known(this.#ids.add(id))
    if (type !== undefined) this.#setType(number, type)
    if (name !== undefined && this.#nameOf.at(number) === 0)
      this.#nameOf.set(number, this.#names.add(name) + 1)
    for (const alias of aliases) {
      this.#aliasOwner.push(number)
      this.#aliasName.push(this.#names.add(alias))
    }
    return number
  }

  /** The same by the bytes of its id, for readers. */
  entityBytes(bytes: Uint8Array, from: number, to: number): number {
    return this.#known(this.#ids.addBytes(bytes, from, to))
  }

  relation(name: string): number {
    return this.#relations.add(name)
  }

  relationBytes(bytes: Uint8Array, from: number, to: number): number {
    return this.#relations.addBytes(bytes, from, to)
  }

  /** @throws RangeError where the weight is not a number above 0 */
  relate(head: string, relation: string, tail: string, weight = 1): void {
    if (!(weight > 0 && weight < Infinity))
      throw new RangeError(`Weight ${weight} of "${head}" ${relation} "${tail}" (expected a number above 0)`)
    this.relateNumbers(this.entity(head), this.relation(relation), this.entity(tail), weight)
  }

  /** The same with numbers that `entity` and `relation` gave, unchecked. */
  relateNumbers(head: number, relation: number, tail: number, weight: number): void {
    this.#heads.push(head)
    this.#kinds.push(relation)
    this.#tails.push(tail)
    this.#weights.push(weight)
  }

  build(): KnowledgeGraph {
    const relations = [...this.#relations]
    const [heads, kinds, tails] = [this.#heads.view(), this.#kinds.view(), this.#tails.view()]
    // Types that relations tell, where nothing else did.
    const ends = relations.map((name) => known(name))
    for (let edge = 0; edge < heads.length; edge++) {
      const { head, tail } = ends[kinds[edge]]
      if (head !== undefined) this.#setType(heads[edge], head)
      if (tail !== undefined) this.#setType(tails[edge], tail)
    }
    const edges = { heads, relations: kinds, tails, weights: this.#weights.view() }
    const symmetric = ends.map((kind) => kind.symmetric === true)
    return new KnowledgeGraph({
      ids: this.#ids,
      types: [...this.#types],
      typeOf: this.#typeOf.view().slice(),
      names: this.#names,
      nameOf: this.#nameOf.view().slice(),
      aliasOwner: this.#aliasOwner.view().slice(),
      aliasName: this.#aliasName.view().slice(),
      relations,
      adjacency: new Adjacency(this.#ids.size, edges, symmetric),
    })
  }

  #known(number: number): number {
    if (number === this.#typeOf.length) {
      this.#typeOf.push(this.#types.add(readId(this.#ids.get(number)).type ?? UNKNOWN_TYPE))
      this.#nameOf.push(0)
    }
    return number
  }

  #setType(number: number, type: string): void {
    if (this.#typeOf.at(number) === 0) this.#typeOf.set(number, this.#types.add(type))
  }
}

const known = (relation: string): (typeof RELATIONS)[string] =>
  Object.hasOwn(RELATIONS, relation) ? RELATIONS[relation] : {}
