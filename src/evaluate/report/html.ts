const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text as HTML, in an element or an attribute. Characters that no one sees are left out. */
export function escaped(text: string): string {
  return text
    .replace(/[\p{Control}\p{Bidi_Control}\p{Surrogate}]/gu, ' ')
    .replace(/[&<>"']/g, (character) => ENTITIES[character])
}
