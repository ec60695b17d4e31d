/** The plural of a noun, or of a phrase that ends in one: "basses", "string sections", "man" is "men". */
export function plural(noun: string): string {
  const irregular = /(?:^|(?<=\s))(man|woman|child)$/.exec(noun)
  if (irregular) return noun.slice(0, irregular.index) + IRREGULAR[irregular[1]]
  if (/[^aeiou]y$/.test(noun)) return `${noun.slice(0, -1)}ies`
  return /(s|x|z|ch|sh)$/.test(noun) ? `${noun}es` : `${noun}s`
}

const IRREGULAR: Readonly<Record<string, string>> = { man: 'men', woman: 'women', child: 'children' }
