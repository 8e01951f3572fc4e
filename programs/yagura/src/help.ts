/** The help text, made from the table of commands. */
import type { Language } from "@yagura/core/errors.ts";
import type { Command } from "./commands.ts";

const frame = {
  en: {
    title: "Yagura (櫓): managed network and security services.",
    after:
      "The data folder is --data, else $YAGURA_DATA, else /var/lib/yagura for root and ~/.local/share/yagura for others.\nSettings of the control plane: docs/operations.md. Exit status: 0 done, 1 failed, 2 the command was not right.",
  },
  ja: {
    title: "Yagura（櫓）: ネットワーク・セキュリティのマネージドサービス基盤",
    after:
      "データフォルダー: --data、$YAGURA_DATA、root なら /var/lib/yagura、それ以外は ~/.local/share/yagura の順に選びます。\nコントロールプレーンの設定: docs/operations.md　終了ステータス: 0 成功、1 失敗、2 コマンドの誤り",
  },
} as const;

export function help(commands: readonly Command[], language: Language): string {
  const lines = commands.map(({ usage, summary }) => `  npx yagura ${usage}\n      ${summary[language]}`);
  return `${frame[language].title}\n\n${lines.join("\n")}\n\n${frame[language].after}`;
}
