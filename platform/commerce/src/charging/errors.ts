/** What charging refuses: facts that contradict each other, and data of the provider that is missing. */
import { errorTable } from "@yagura/core/errors.ts";

export const { rows: errors, raise } = errorTable({
  CHARGES_FACTS_INVALID: {
    status: 422,
    en: "The charges of {contract} cannot be computed: {count} of its facts or of the tables are not right. Put right the fields that are named and try again.",
    ja: "{contract} の料金を計算できません。事実または料金表に {count} 件の問題があります。示された項目を直してから、もう一度実行してください。",
  },
  CHARGES_FILE_INVALID: {
    status: 422,
    en: "The file of facts is not as it has to be (faults: {count}). Put right the fields that are named; `npx yagura charges schema` prints what the file may hold.",
    ja: "事実ファイルの内容が正しくありません（{count} 件）。示された項目を直してください。ファイルの書式は `npx yagura charges schema` で確認できます。",
  },
});
