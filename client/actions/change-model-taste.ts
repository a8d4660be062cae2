import type { App } from '../app.ts'
import { parseModelTaste } from '../device/parse-settings.ts'
import { MODEL_TASTE_SETTING, type ModelTaste } from '../stores/model-taste.ts'
import { changeSharedSetting } from './change-shared-setting.ts'

/** Changes which models are liked, from what is liked by then. */
export function changeModelTaste(app: App, change: (now: ModelTaste) => ModelTaste): Promise<void> {
  return changeSharedSetting(app, MODEL_TASTE_SETTING, value => change(parseModelTaste(value)))
}
