/** Errors of the agent's measuring, as the health report tells them. */
import { errorTable } from "@yagura/core/errors.ts";

export const { rows: errors, raise } = errorTable({
  CONFIGURATION_UNUSABLE: {
    status: 422,
    en: "The agent cannot use its configuration (at {where}), so it goes on with the one before. Its program may be older than the server: update the agent.",
    ja: "エージェントは設定を使用できないため({where})、以前の設定で計測を続けます。エージェントがサーバーより古い可能性があります。エージェントを更新してください。",
  },
});
