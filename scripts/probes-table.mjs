// Prints the figures of `antiphon evaluate MODEL --protocol probes --out DIR` as tables for a model's card:
//   node scripts/probes-table.mjs DIR/report.json
import { readFileSync } from 'node:fs'

const { model, protocol, data, intervals, results } = JSON.parse(readFileSync(process.argv[2], 'utf8'))

const number = (value) => (value === null ? '–' : value.toFixed(2).replace('-', '−').replace('−0.00', '0.00'))
const withInterval = ({ value, low, high }) => `${number(value)} (${number(low)} to ${number(high)})`

/** "one typo: cosine" → what is changed, and the figure. */
const parted = (metric) =>
  /^(.+): (cosine|R@10 before|R@10 after|rank shift \(log2\))$/.exec(metric)?.slice(1)

let apart
const figures = []
const changes = []
for (const { title, figures: all } of results) {
  const byChange = new Map()
  apart = all.find(({ metric }) => metric === 'cosine of two pieces') ?? apart
  for (const figure of all) {
    const [change, name] = parted(figure.metric) ?? []
    if (change !== undefined && all.some(({ metric }) => metric === `${change}: rank shift (log2)`))
      byChange.set(change, { ...byChange.get(change), [name]: figure })
    else if (!/at worst|spread|cosine/.test(figure.metric))
      figures.push(`| ${title}: ${figure.metric} | ${withInterval(figure)} |`)
  }
  for (const [change, found] of byChange) {
    const places = `${number(found['R@10 before'].value)} → ${number(found['R@10 after'].value)}`
    const shift = withInterval(found['rank shift (log2)'])
    changes.push(`| ${title}: ${change} | ${found.cosine.value.toFixed(3)} | ${places} | ${shift} |`)
  }
}

console.log(`| by chance 0.50 (95 % interval) | ${model.name} |
|---|---|
${figures.join('\n')}

| changed | cosine | R@10 | rank shift, log2 (95 % interval) |
|---|---|---|---|
${changes.join('\n')}

Two different pieces have a cosine of ${apart?.value.toFixed(3) ?? '–'}. ${data.items} pieces; ${protocol.name} version ${protocol.version}, ${intervals.samples.toLocaleString('en')} bootstrap samples, seed ${intervals.seed}; data ${data.hash.slice(0, 16)}, protocol ${protocol.hash.slice(0, 16)}.`)
