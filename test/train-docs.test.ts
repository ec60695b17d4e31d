// docs/training.md says of every key of a recipe what it is when nothing is said.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { stringify } from 'yaml'
import { parseRecipe } from '../src/train/index.js'
import { repositoryRoot } from './golden.js'

const page = readFileSync(join(repositoryRoot, 'docs', 'training.md'), 'utf8')

/** What a table says of keys: `a.b`, `.c` stand for a.b and a.c, and the defaults beside them in the same order. */
function documented(): Map<string, string> {
  const found = new Map<string, string>()
  for (const [, keys, defaults] of page.matchAll(/^\| (`[a-z][^|]*`) \| ([^|]*)\|/gm)) {
    const names = keys.split(', ').map((name) => name.replaceAll('`', ''))
    const values = names.length === 1 ? [defaults.trim()] : defaults.trim().split(', ')
    const parent = names[0].slice(0, names[0].lastIndexOf('.'))
    for (const [i, name] of names.entries())
      found.set(name.startsWith('.') ? parent + name : name, (values[i] ?? '').replaceAll('`', ''))
  }
  return found
}

/** What follows from other keys, by the page's words for it. */
const FOLLOWS: Readonly<Record<string, string>> = {
  'audio.hop_seconds': 'chunk_seconds',
  'text.tokenizer': 'pretrained',
  'projection.hidden': 'dim',
  'data.chunk': 'batch',
}
const NONE = [
  'audio.factors',
  'data.listening',
  'data.knowledge',
  'text.stands_in_for',
  'text.vectors',
  'data.unseen_tags',
  'loss.self_supervision',
  'text_policy.mine',
  'text_policy.filter',
  'audio.pretrained',
  'text.pretrained',
  'schedule.clip',
  'schedule.ema',
  'schedule.early_stop',
]
const REQUIRED = ['name', 'audio.encoder', 'text.encoder']

function leaves(value: unknown, path: string, into: Map<string, unknown>): void {
  const isGroup = typeof value === 'object' && value !== null && !Array.isArray(value)
  if (!isGroup || ['audio.options', 'text.options', 'text_policy.kinds'].includes(path)) into.set(path, value)
  else
    for (const [key, inner] of Object.entries(value))
      leaves(inner, path === '' ? key : `${path}.${key}`, into)
}

test('every key of a recipe is in docs/training.md with its default, and no other', () => {
  const recipe = parseRecipe('{ name: x, audio: { encoder: x }, text: { encoder: x, tokenizer: x } }')
  const defaults = new Map<string, unknown>()
  leaves(recipe, '', defaults)
  const said = documented()
  for (const [path, value] of defaults) {
    assert.ok(said.has(path), `${path} is not on the page`)
    if (REQUIRED.includes(path)) continue
    const expected =
      FOLLOWS[path] ??
      (typeof value === 'string'
        ? value
        : stringify(value, { collectionStyle: 'flow', flowCollectionPadding: true }).trim())
    const shown = said.get(path)!.replace(/^"(.*)"$/, '$1')
    assert.equal(shown.replace(/^\[ (.*) \]$/, '[$1]'), expected.replace(/^\[ (.*) \]$/, '[$1]'), path)
  }
  for (const path of NONE) assert.match(said.get(path) ?? 'absent', /^(none)?$/, path)
  const isRecipe = /^(name|seed|audio|text|text_policy|projection|loss|negatives|data|schedule)(\.|$)/
  for (const path of said.keys())
    if (isRecipe.test(path) && !/\.(onnx|json|md|yaml|safetensors)$/.test(path))
      assert.ok(defaults.has(path) || NONE.includes(path), `${path} is no key of a recipe`)
})
