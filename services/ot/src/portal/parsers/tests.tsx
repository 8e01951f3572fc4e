/** The description tried with captures: hand one in, and what the newest said. */
import { useMemo, type ReactNode } from "react";
import type { Static } from "typebox";
import { useFormat, useLanguage, useWords } from "@yagura/portal/language.tsx";
import { countColumn, textColumn } from "@yagura/portal/parts/columns.tsx";
import { Banner, Empty, Loaded } from "@yagura/portal/parts/notice.tsx";
import { Facts } from "@yagura/portal/parts/page.tsx";
import { DataTable } from "@yagura/portal/parts/table.tsx";
// Plain: a capture is analysed in clear, and nothing in it is opened by the customer's key.
import { useGet, useRefresh } from "@yagura/portal/queries.ts";
import { useLive, useOrganisation } from "@yagura/portal/session.tsx";
import type { ParserTrial } from "../../wire/api-declared.ts";
import type { CaptureResult, CaptureUpload } from "../../wire/api-register.ts";
import { sayOdd } from "../../wire/declared-odd.ts";
import { attributeName } from "../assets/attribute-name.ts";
import { assetWords } from "../assets/words.ts";
import { Upload } from "../captures/upload.tsx";
import { useProtocolTitle } from "../parts/protocol.ts";
import { words } from "../words.ts";
import { readTrial } from "./trial.ts";
import { parserWords } from "./words.ts";

export function Tests({ parser, path }: { readonly parser: string; readonly path: string }): ReactNode {
  const here = useOrganisation();
  const refresh = useRefresh();
  const tests = `${path}/${parser}/tests`;
  useLive(["ot.capture"], { refresh: [tests] });
  const list = useGet<CaptureUpload[]>(tests, undefined, { every: 15_000 });
  const newest = list.data?.[0];
  return (
    <>
      {here.can("ot.write") ? <Upload path={tests} done={() => refresh([tests])} /> : null}
      {newest === undefined ? null : <Newest key={newest.id} capture={newest} />}
    </>
  );
}

function Newest({ capture }: { readonly capture: CaptureUpload }): ReactNode {
  const t = useWords(parserWords);
  const here = useOrganisation();
  const done = capture.state === "done";
  const query = useGet<Static<typeof CaptureResult>>(here.api(`/ot/captures/${capture.id}`), undefined, {
    enabled: done,
  });
  if (capture.state === "failed")
    return (
      <Banner state="bad" title={t("testFailed", { name: capture.name })}>
        {capture.error}
      </Banner>
    );
  if (!done) return <p role="status">{t("testing", { name: capture.name })}</p>;
  return (
    <>
      <h3>{t("result", { name: capture.name })}</h3>
      <Loaded query={query} rows={8}>
        {({ result }) => <Result result={result} />}
      </Loaded>
    </>
  );
}

function Result({ result }: { readonly result: unknown }): ReactNode {
  const t = useWords(parserWords);
  const format = useFormat();
  const title = useProtocolTitle();
  const trial = useMemo(() => readTrial(result), [result]);
  const { there } = trial;
  return (
    <div className="ot-trial">
      <Facts
        wide
        facts={[
          { name: t("messages"), value: format.number(trial.messages) },
          { name: t("conversations"), value: format.number(trial.conversations) },
          { name: t("unread"), value: `${format.number(there.unread)} / ${format.number(there.packets)}` },
          { name: t("packets"), value: format.number(trial.packets) },
          ...(there.others.length === 0
            ? []
            : [{ name: t("others"), value: there.others.map((one) => title(one)).join(", ") }]),
        ]}
      />
      <Functions trial={trial} />
      <Identities trial={trial} />
      <Odd trial={trial} />
    </div>
  );
}

type FunctionRow = ParserTrial["functions"][number];
function Functions({ trial }: { readonly trial: ParserTrial }): ReactNode {
  const t = useWords(parserWords);
  const w = useWords(words);
  return (
    <DataTable<FunctionRow>
      id="ot-parser-functions"
      label={t("functions")}
      rows={trial.functions}
      error={null}
      rowKey={(row) => String(row.code)}
      rowName={(row) => row.name}
      urlKey="functions."
      sort="code"
      empty={<Empty title={t("noFunctions")} />}
      columns={[
        countColumn("code", t("code"), (row) => row.code),
        textColumn("command", t("command"), (row) => row.name, { fill: true }),
        textColumn("class", t("class"), (row) => w(`class.${row.class}`)),
        countColumn("requests", t("requests"), (row) => row.requests),
        countColumn("responses", t("responses"), (row) => row.responses),
        countColumn("errors", t("errors"), (row) => row.errors),
        countColumn("events", t("events"), (row) => row.events),
      ]}
    />
  );
}

function Identities({ trial }: { readonly trial: ParserTrial }): ReactNode {
  const t = useWords(parserWords);
  const a = useWords(assetWords);
  return (
    <>
      <h3>{t("identities")}</h3>
      {trial.identities.length === 0 ? <p className="soft">{t("noIdentities")}</p> : null}
      <ul>
        {trial.identities.map(({ address, attribute, value }) => (
          <li key={`${address} ${attribute} ${value}`}>
            <span className="mono">{address}</span> {attributeName(attribute, a)}: {value}
          </li>
        ))}
      </ul>
    </>
  );
}

function Odd({ trial }: { readonly trial: ParserTrial }): ReactNode {
  const t = useWords(parserWords);
  const format = useFormat();
  const { language } = useLanguage();
  return (
    <>
      <h3>{t("odd", { n: format.number(trial.oddTotal) })}</h3>
      {trial.odd.length === 0 ? <p className="soft">{t("noOdd")}</p> : null}
      <ul>
        {trial.odd.map(({ packet, byte, reason }) => (
          <li key={`${packet} ${byte} ${reason}`}>
            {t("oddAt", {
              packet: format.number(packet),
              byte: format.number(byte),
              reason: sayOdd(reason, language),
            })}
          </li>
        ))}
      </ul>
    </>
  );
}
