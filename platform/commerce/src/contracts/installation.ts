/** OST-15, OST-16: the customer installs some business days before the opening; the opening counts as the start all the same. */
import type { Day } from "@yagura/core/calendar.ts";
import { addBusinessDays } from "../charging/business-days.ts";
import type { Tables } from "../charging/tables.ts";
import { loadTables } from "../terms/load.ts";
import type { ContractRow, ContractWork } from "./contract-row.ts";
import { settingOn, termsOn } from "./offers.ts";
import { addTask, dropTasks } from "./tasks.ts";

/** Asks the customer to have installed in time for an opening; a new opening day replaces the request. */
export async function askForInstallation(work: ContractWork, contract: ContractRow, opening: Day): Promise<void> {
  const tables = await loadTables(work.tx);
  const rule = termsOn(tables, contract.service, contract.plan, opening)?.plan.installation;
  if (rule === undefined) return;
  const activity = calendarOf(tables, contract.service, opening);
  const dueOn = addBusinessDays(tables, contract.service, activity, opening, -rule.businessDaysBefore);
  await dropTasks(work, contract, "installation-due");
  await addTask(work, contract, {
    kind: "installation-due",
    rule: rule.rule,
    audience: "customer",
    title: {
      ja: `契約 ${contract.number}: 開通日 ${opening} に向けて、${dueOn} までに機器の設置を済ませてください。設置が間に合わない場合も開通日から料金がかかります。`,
      en: `Contract ${contract.number}: please finish the installation by ${dueOn}, for the opening on ${opening}. Charges run from the opening even if it is not finished.`,
    },
    dueOn,
  });
}

/** The setting `calendar` names the activity whose days count. */
function calendarOf(tables: Tables, service: string, day: Day): string {
  const value = settingOn(tables, service, "calendar", day);
  return typeof value === "string" ? value : "business";
}
