/** The equipment register of a customer: units with their owner on a day, and what has to come back (RNS-40, RNS-45, RNS-74). */
import { useState, type ReactNode } from "react";
import type { ContractItem } from "@yagura/commerce/contracts/shapes.ts";
import type { Page as Rows } from "@yagura/server/shapes.ts";
import { useFormat, useWords } from "../../language.tsx";
import { Button } from "../../parts/button.tsx";
import { Empty } from "../../parts/notice.tsx";
import { Page as Frame, Section } from "../../parts/page.tsx";
import { DataTable } from "../../parts/table.tsx";
import { useGet, useList, type AllResult } from "../../queries.ts";
import { useLive, useOrganisation } from "../../session.tsx";
import { useUrlState } from "../../url-state.ts";
import { dayIn } from "../../zoned.ts";
import { useContractLabel } from "../offers.ts";
import { dayColumn, stateColumn, textColumn, type Stated } from "../../parts/columns.tsx";
import { equipmentWords } from "../words/equipment.ts";
import { navWords } from "../words/nav.ts";
import { RegisterDialog, ReturnDialog, type Case, type Unit } from "./dialogs.tsx";
import { DAY, useKindName } from "./paths.ts";
import { UnitDialog } from "./unit-dialog.tsx";

export function Page(): ReactNode {
  const t = useWords(equipmentWords);
  const n = useWords(navWords);
  const here = useOrganisation();
  const [contract, setContract] = useUrlState("contract");
  const [chosen, setOn] = useUrlState("on", dayIn("Asia/Tokyo"));
  const [making, setMaking] = useState(false);
  const on = DAY.pattern.test(chosen) ? chosen : dayIn("Asia/Tokyo");
  const asked = { on, ...(contract === "" ? {} : { contract }) };
  const units = useList<Unit>(here.api("/equipment"), asked, { keep: true });
  const returns = useList<Case>(here.api("/equipment-returns"), asked, { keep: true });
  useLive(["equipment"], { refresh: [here.api("/equipment"), here.api("/equipment-returns")] });
  const add = here.can("equipment.write") ? (
    <Button icon="plus" onClick={() => setMaking(true)}>
      {t("act.register")}
    </Button>
  ) : null;
  return (
    <Frame title={n("equipment")} lead={t("lead")} actions={add}>
      <div className="stack-wide">
        <div className="page-actions">
          <ContractChoice contract={contract} choose={setContract} />
          <label className="choice">
            <span className="small soft">{t("on")}</span>
            <input type="date" className="input" value={chosen} onChange={(event) => setOn(event.target.value)} />
          </label>
        </div>
        <Section title={t("units")}>
          <Units list={units} on={on} add={add} />
        </Section>
        <Section title={t("returns")}>
          <Returns list={returns} />
        </Section>
      </div>
      {making ? <RegisterDialog contract={contract} close={() => setMaking(false)} /> : null}
    </Frame>
  );
}

function ContractChoice({
  contract,
  choose,
}: {
  readonly contract: string;
  readonly choose: (id: string) => void;
}): ReactNode {
  const t = useWords(equipmentWords);
  const here = useOrganisation();
  const labelOf = useContractLabel();
  const { data } = useGet<Rows<ContractItem>>(here.api("/contracts"), { limit: 500 });
  return (
    <label className="choice">
      <span className="small soft">{t("contract")}</span>
      <select className="input" value={contract} onChange={(event) => choose(event.target.value)}>
        <option value="">{t("everyContract")}</option>
        {(data?.items ?? []).map(({ id, number }) => (
          <option key={id} value={id}>
            {labelOf(number)}
          </option>
        ))}
      </select>
    </label>
  );
}

const unitMarks = {
  faulty: "bad",
  lost: "notice",
  "in-use": "good",
  replaced: "unknown",
  returned: "unknown",
} as const;
const unitOrder = { faulty: 0, lost: 1, "in-use": 2, replaced: 3, returned: 4 } as const;

interface UnitsProps {
  readonly list: AllResult<Unit>;
  readonly on: string;
  readonly add: ReactNode;
}
function Units({ list, on, add }: UnitsProps): ReactNode {
  const t = useWords(equipmentWords);
  const kindName = useKindName();
  const [open, setOpen] = useState<Unit | null>(null);
  const stateOf = ({ state }: Unit): Stated => ({
    state: unitMarks[state],
    label: t(`state.${state}`),
    order: unitOrder[state],
  });
  return (
    <>
      <DataTable<Unit>
        id="equipment"
        label={t("units")}
        urlKey="u"
        rows={list.rows}
        error={list.error}
        retry={list.refetch}
        rowKey={(row) => row.id}
        rowName={(row) => row.serial}
        onOpen={setOpen}
        sort="state"
        empty={
          <Empty title={t("none")} action={add}>
            {t("noneText")}
          </Empty>
        }
        columns={[
          textColumn("serial", t("serial"), (row) => row.serial),
          textColumn("model", t("model"), (row) => row.model, { fill: true }),
          textColumn("kind", t("kind"), (row) => kindName(row.kind)),
          stateColumn("state", t("state"), stateOf),
          textColumn("owner", t("owner"), (row) => t(`owner.${row.owner}`)),
          dayColumn("since", t("ownerSince"), (row) => row.ownerSince),
          textColumn("risk", t("risk"), (row) => t(`owner.${row.risk}`)),
          textColumn("contract", t("contract"), (row) => row.number),
          dayColumn("delivered", t("delivered"), (row) => row.deliveredOn, { hidden: true }),
          dayColumn("installed", t("installed"), (row) => row.installedOn, { hidden: true }),
          dayColumn("warranty", t("warranty"), (row) => row.warrantyUntil),
        ]}
      />
      {open === null ? null : (
        <UnitDialog
          id={open.id}
          title={`${open.model} ${open.serial}`}
          on={on}
          units={list.rows ?? []}
          close={() => setOpen(null)}
        />
      )}
    </>
  );
}

function Returns({ list }: { readonly list: AllResult<Case> }): ReactNode {
  const t = useWords(equipmentWords);
  const format = useFormat();
  const here = useOrganisation();
  const [open, setOpen] = useState<{ readonly of: Case; readonly act: "pickup" | "returned" } | null>(null);
  const stateOf = (row: Case): Stated => {
    if (row.state === "overdue") return { state: "bad", label: t("returnState.overdue"), order: 0 };
    if (row.state === "open") return { state: "notice", label: t("returnState.open"), order: 1 };
    if (row.damaged) return { state: "notice", label: t("returnState.damaged"), order: 2 };
    return { state: "good", label: t("returnState.returned"), order: 3 };
  };
  const wayOf = ({ way, paidBy }: Case): string | null => {
    if (way === null) return null;
    return paidBy === null ? t(`way.${way}`) : t("wayPaid", { way: t(`way.${way}`), paid: t(`paidBy.${paidBy}`) });
  };
  return (
    <>
      <DataTable<Case>
        id="equipment-returns"
        label={t("returns")}
        urlKey="r"
        rows={list.rows}
        error={list.error}
        retry={list.refetch}
        rowKey={(row) => row.id}
        rowName={(row) => `${row.serial} ${format.day(row.openedOn)}`}
        sort="state"
        {...(here.can("equipment.write")
          ? {
              rowActions: (row: Case) =>
                row.state === "returned"
                  ? []
                  : [
                      ...(row.pickupOfferedOn === null && row.way !== "customer-ships"
                        ? [{ label: t("act.pickup"), run: () => setOpen({ of: row, act: "pickup" }) }]
                        : []),
                      { label: t("act.returned"), run: () => setOpen({ of: row, act: "returned" }) },
                    ],
            }
          : {})}
        empty={<Empty title={t("noReturns")}>{t("noReturnsText")}</Empty>}
        columns={[
          textColumn("serial", t("serial"), (row) => row.serial),
          textColumn("reason", t("return.reason"), (row) => t(`reason.${row.reason}`)),
          stateColumn("state", t("state"), stateOf),
          dayColumn("due", t("return.due"), (row) => row.dueBy, { descending: false }),
          textColumn("way", t("return.way"), wayOf, { fill: true }),
          textColumn("place", t("return.place"), (row) => (row.place === "" ? null : row.place)),
          dayColumn("charged", t("return.charged"), (row) => row.chargedOn),
          dayColumn("opened", t("return.opened"), (row) => row.openedOn, { hidden: true }),
          dayColumn("back", t("event.returned"), (row) => row.returnedOn),
        ]}
      />
      {open === null ? null : <ReturnDialog of={open.of} act={open.act} close={() => setOpen(null)} />}
    </>
  );
}
