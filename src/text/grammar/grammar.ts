import type { Random } from '../../random/index.js'
import { parseTemplate, type Node } from './template.js'
import { tidy } from './tidy.js'

/** What is said of something, by the name of its slot; an empty one is a flag that is up. A slot that isn't there can't be said. */
export type Facts = Readonly<Record<string, string | undefined>>

export interface Said {
  readonly text: string
  /** The text before its slots were filled: what tells one way of saying things from another. */
  readonly skeleton: string
}

export interface SayOptions {
  /** Sentences begin with capitals. @default true */
  readonly capitals?: boolean
}

/**
 * Rules that say facts in many ways. A rule is a list of templates (see `parseTemplate`); `{name}` in a template is another
 * rule, or a slot filled from the facts. Only what the facts allow is chosen: a template whose slots aren't all known is
 * passed by, so that nothing is said of what is not known. Within a text no template of a rule comes twice while there are
 * others, and nothing is told twice: `once` lists slots that tell the same.
 */
export class Grammar {
  readonly #rules = new Map<string, readonly Node[][]>()
  /** What a slot tells of, by its name. */
  readonly #subjects = new Map<string, number>()

  /**
   * @param once groups of slots, one of which is enough for a text
   * @throws RangeError for a template with a bracket that isn't closed, and for rules that go in circles
   */
  constructor(rules: Readonly<Record<string, readonly string[]>>, once: readonly (readonly string[])[] = []) {
    for (const [subject, names] of once.entries()) for (const name of names) this.#subjects.set(name, subject)
    for (const [name, templates] of Object.entries(rules)) this.#rules.set(name, templates.map(parseTemplate))
    for (const name of this.#rules.keys()) this.#assertEnds(name, [])
  }

  /** Whether the facts allow any text of a rule. */
  allows(rule: string, facts: Facts): boolean {
    return this.#canSayRule(rule, { facts })
  }

  /** @throws RangeError where the facts allow no text of the rule */
  say(rule: string, facts: Facts, random: Random, { capitals = true }: SayOptions = {}): Said {
    const { text, skeleton } = this.#rule(rule, { facts, random, used: new Set(), told: new Set() })
    return { text: tidy(text, { capitals }), skeleton }
  }

  #rule(name: string, saying: Saying): Said {
    const chosen = this.#choose(this.#rules.get(name) ?? [], saying)
    if (!chosen) throw new RangeError(`No template of "${name}" fits the facts`)
    saying.used.add(chosen)
    return this.#nodes(chosen, saying)
  }

  /** What is new, if the facts allow that, or else what they allow. */
  #choose(choices: readonly Node[][], { facts, random, told, used }: Saying): Node[] | undefined {
    const possible = choices.filter((nodes) => this.#canSay(nodes, { facts }))
    const fresh = possible.filter((nodes) => !used.has(nodes) && this.#canSay(nodes, { facts, told }))
    if (fresh.length > 0) return random.pick(fresh)
    return possible.length > 0 ? random.pick(possible) : undefined
  }

  #nodes(nodes: readonly Node[], saying: Saying): Said {
    // What the template itself will tell further on is not told by what is chosen before it.
    for (const node of nodes)
      if (node.kind === 'slot' && !this.#rules.has(node.name)) this.#tell(node.name, saying)
    let text = ''
    let skeleton = ''
    for (const node of nodes) {
      const said = this.#node(node, saying)
      text += said.text
      skeleton += said.skeleton
    }
    return { text, skeleton }
  }

  #node(node: Node, saying: Saying): Said {
    switch (node.kind) {
      case 'text':
        return { text: node.text, skeleton: node.text }
      case 'condition':
        this.#tell(node.name, saying)
        return { text: '', skeleton: '' }
      case 'choice':
        return this.#nodes(this.#choose(node.choices, saying)!, saying)
      case 'slot':
        if (this.#rules.has(node.name)) return this.#rule(node.name, saying)
        return { text: saying.facts[node.name]!, skeleton: `{${node.name}}` }
    }
  }

  #tell(name: string, { told }: Saying): void {
    const subject = this.#subjects.get(name)
    if (subject !== undefined) told.add(subject)
  }

  #canSay(nodes: readonly Node[], allowed: Allowed): boolean {
    return nodes.every((node) => {
      switch (node.kind) {
        case 'text':
          return true
        case 'condition':
          return node.holds ? this.#knows(node.name, allowed) : allowed.facts[node.name] === undefined
        case 'choice':
          return node.choices.some((choice) => this.#canSay(choice, allowed))
        case 'slot':
          return this.#rules.has(node.name)
            ? this.#canSayRule(node.name, allowed)
            : this.#knows(node.name, allowed)
      }
    })
  }

  #knows(name: string, { facts, told }: Allowed): boolean {
    if (facts[name] === undefined) return false
    const subject = this.#subjects.get(name)
    return subject === undefined || !told?.has(subject)
  }

  #canSayRule(name: string, allowed: Allowed): boolean {
    return (this.#rules.get(name) ?? []).some((nodes) => this.#canSay(nodes, allowed))
  }

  #assertEnds(name: string, path: readonly string[]): void {
    if (path.includes(name)) throw new RangeError(`Rules go in a circle: ${[...path, name].join(' → ')}`)
    const visit = (nodes: readonly Node[]): void => {
      for (const node of nodes) {
        if (node.kind === 'choice') node.choices.forEach(visit)
        if (node.kind === 'slot' && this.#rules.has(node.name)) this.#assertEnds(node.name, [...path, name])
      }
    }
    this.#rules.get(name)!.forEach(visit)
  }
}

/** What may be said: all that is known, or only what is not told yet. */
interface Allowed {
  readonly facts: Facts
  readonly told?: ReadonlySet<number>
}

interface Saying {
  readonly facts: Facts
  readonly random: Random
  readonly used: Set<Node[]>
  readonly told: Set<number>
}
