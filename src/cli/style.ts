import type { Output } from './context.js'

/** The few colours in use, or none where the output wants none. Pairs of SGR codes (ECMA-48, 8.3.117). */
export function styles({ colour }: Pick<Output, 'colour'>) {
  const style = (on: number, off: number) => (text: string) =>
    colour ? `\x1b[${on}m${text}\x1b[${off}m` : text
  return {
    dim: style(2, 22),
    bold: style(1, 22),
    good: style(32, 39),
    warn: style(33, 39),
    bad: style(31, 39),
  }
}
