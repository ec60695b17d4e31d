import { chen2022 } from './chen2022.js'
import { choi2019 } from './choi2019.js'
import { clap2023 } from './clap2023.js'
import { muscall2022 } from './muscall2022.js'
import { mwe2024 } from './mwe2024.js'
import type { System } from './system.js'
import { ttmr2023 } from './ttmr2023.js'

/** In the order of their years. */
export const SYSTEMS: readonly System[] = [choi2019, chen2022, muscall2022, ttmr2023, clap2023, mwe2024]
