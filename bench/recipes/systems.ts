import { chen2022 } from './chen2022.js'
import { choi2019 } from './choi2019.js'
import { clap2023 } from './clap2023.js'
import { muscall2022 } from './muscall2022.js'
import { mwe2024 } from './mwe2024.js'
import { mulan2022 } from './mulan2022.js'
import { wikimute2024 } from './wikimute2024.js'
import { ads2024 } from './ads2024.js'
import type { System } from './system.js'
import { ttmr2023 } from './ttmr2023.js'
import { ttmrpp2024 } from './ttmrpp2024.js'
import { won2021 } from './won2021.js'

/** In the order of their years. */
export const SYSTEMS: readonly System[] = [
  choi2019,
  won2021,
  chen2022,
  muscall2022,
  mulan2022,
  ttmr2023,
  clap2023,
  mwe2024,
  ttmrpp2024,
  wikimute2024,
  ads2024,
]
