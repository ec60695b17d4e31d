/** Of the pages: no network, light and dark, a column on a phone. */
export const STYLE = `
  :root { --ink: #1b1f24; --soft: #57606a; --paper: #fff; --line: #d8dee4; --bar: #1f6feb; --band: #9ec5fe; --good: #2b8a3e; --bad: #c92a2a; --panel: #f6f8fa }
  @media (prefers-color-scheme: dark) {
    :root { --ink: #e6edf3; --soft: #9198a1; --paper: #0d1117; --line: #30363d; --bar: #4493f8; --band: #1f4a86; --good: #56d364; --bad: #ff7b72; --panel: #161b22; color-scheme: dark }
  }
  * { box-sizing: border-box }
  body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 62rem; color: var(--ink); background: var(--paper); overflow-wrap: anywhere }
  h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 } h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem } h3 { font-size: 1rem; margin: 1.2rem 0 .4rem }
  p { margin: .4rem 0 } .soft, figcaption, small { color: var(--soft) } code { font-size: .9em }
  .wide { overflow-x: auto } table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
  th { text-align: left; font-weight: 600; color: var(--soft) } th, td { padding: .3rem .7rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top }
  td.n, th.n { text-align: right; white-space: nowrap } td.bar { width: 30%; min-width: 7rem }
  svg { display: block; width: 100%; max-width: 42rem; height: auto } svg text { font-size: 12px; fill: var(--soft) }
  .tags { columns: 22rem 2; column-gap: 2.5rem } .tag { display: grid; grid-template-columns: minmax(6rem, 10rem) 1fr 3.2rem; gap: .6rem; align-items: center; break-inside: avoid; padding: .1rem 0 }
  .track { background: var(--line); height: .7rem; border-radius: 2px; position: relative } .track i { display: block; height: 100%; background: var(--bar); border-radius: 2px }
  .tag span:last-child { text-align: right; font-variant-numeric: tabular-nums }
  .examples { display: grid; gap: 1rem } .example { background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: .8rem 1rem }
  .example q { font-weight: 600 } .example ol { margin: .4rem 0 0; padding-left: 1.4rem } .example li { margin: .3rem 0 }
  audio { display: block; width: 100%; max-width: 26rem; height: 2.2rem; margin-top: .2rem }
  .right { color: var(--good) } .wrong { color: var(--bad) }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; margin: 0 } dt { color: var(--soft) } dd { margin: 0 }
  @media (max-width: 40rem) { dl { grid-template-columns: 1fr } dt { margin-top: .4rem } td.bar, th.bar { display: none } }
`
