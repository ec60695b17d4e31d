import { AntiphonError } from '../../errors/index.js'

/** What is special about the parameters of some names. */
export interface ParameterRule {
  /** Names, `*` standing for any run of letters and dots: `audio.*`, `*.bias`. */
  readonly match: string
  /** Overrides the optimiser's weight decay, whatever the shape. */
  readonly weightDecay?: number
  /** Factor of the learning rate. */
  readonly learningRate?: number
  /** Takes no part in training. */
  readonly frozen?: boolean
}

export type ParameterSettings = Required<Omit<ParameterRule, 'match'>>

/**
 * How each parameter is trained. Rules are read in order, the later one wins. What no rule says: matrices decay, vectors and
 * scalars (biases, norms, the temperature) don't, as in CLIP (Radford et al. 2021, section 2.5).
 * @throws AntiphonError `usage` for a rule that matches no parameter.
 */
export function parameterSettings(
  parameters: ReadonlyMap<string, { readonly shape: readonly number[] }>,
  rules: readonly ParameterRule[],
  { weightDecay = 0 }: { weightDecay?: number } = {},
): Map<string, ParameterSettings> {
  const matchers = rules.map(({ match, ...changes }) => ({ match, changes, pattern: namePattern(match) }))
  for (const { match, pattern } of matchers)
    if (![...parameters.keys()].some((name) => pattern.test(name)))
      throw new AntiphonError(
        'usage',
        `No parameter is called "${match}" (expected a name or pattern such as ${examples(parameters)})`,
      )
  const settings = new Map<string, ParameterSettings>()
  for (const [name, { shape }] of parameters) {
    let own: ParameterSettings = {
      weightDecay: shape.length > 1 ? weightDecay : 0,
      learningRate: 1,
      frozen: false,
    }
    for (const { pattern, changes } of matchers) if (pattern.test(name)) own = { ...own, ...changes }
    settings.set(name, own)
  }
  return settings
}

/** A name with `*` for any run of characters. */
export function namePattern(match: string): RegExp {
  const parts = match.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`, 'u')
}

/** The first words of the names, each once, and one whole name. */
function examples(parameters: ReadonlyMap<string, unknown>): string {
  const names = [...parameters.keys()]
  const families = new Set(
    names.filter((name) => name.includes('.')).map((name) => `${name.split('.')[0]}.*`),
  )
  return [...families, names[0]].map((name) => `"${name}"`).join(', ')
}
