/** A piece of a template. */
export type Node =
  | { readonly kind: 'text'; readonly text: string }
  /** A rule or a fact of this name stands here. */
  | { readonly kind: 'slot'; readonly name: string }
  /** Nothing stands here; a fact of this name must be known, or must not. */
  | { readonly kind: 'condition'; readonly name: string; readonly holds: boolean }
  | { readonly kind: 'choice'; readonly choices: readonly Node[][] }

/** Stands where an article belongs; what follows decides which. */
export const ARTICLE = '\u0001'

/**
 * Reads a template: `[a|b|]` is one of several ways, `{name}` a slot, `{?name}` and `{!name}` say that a fact must be known or
 * must not, `{a}` is the article that fits what follows.
 * @throws RangeError for a bracket that isn't closed or not opened
 */
export function parseTemplate(template: string): Node[] {
  const fail = (what: string): never => {
    throw new RangeError(`Template "${template}": ${what}`)
  }
  let at = 0
  const sequence = (isInside: boolean): Node[] => {
    const nodes: Node[] = []
    let text = ''
    const flush = (): void => {
      if (text !== '') nodes.push({ kind: 'text', text })
      text = ''
    }
    for (; at < template.length; at++) {
      const char = template[at]
      if (char === '{') {
        const end = template.indexOf('}', at)
        if (end < 0) fail('a brace is not closed')
        const name = template.slice(at + 1, end)
        at = end
        if (name === 'a') text += ARTICLE
        else {
          flush()
          nodes.push(slot(name) ?? fail(`"{${name}}" is no slot`))
        }
      } else if (char === '[') {
        flush()
        const choices: Node[][] = []
        do {
          at++
          choices.push(sequence(true))
        } while (template[at] === '|')
        if (template[at] !== ']') fail('a bracket is not closed')
        nodes.push({ kind: 'choice', choices })
      } else if (isInside && (char === '|' || char === ']')) break
      else if (char === '|' || char === ']' || char === '}') fail(`"${char}" stands alone`)
      else text += char
    }
    flush()
    return nodes
  }
  return sequence(false)
}

function slot(name: string): Node | undefined {
  const match = /^([?!]?)([a-z]\w*)$/i.exec(name)
  if (!match) return undefined
  const [, sign, of] = match
  return sign === '' ? { kind: 'slot', name: of } : { kind: 'condition', name: of, holds: sign === '?' }
}
