/** "Read with your key": where names and addresses are tokens, the customer's own browser shows them in clear. */
import { useState, type ReactNode } from "react";
import { useWords } from "@yagura/portal/language.tsx";
import { Button } from "@yagura/portal/parts/button.tsx";
import { Dialog } from "@yagura/portal/parts/dialog.tsx";
import { Form, TextField, useForm } from "@yagura/portal/parts/form.tsx";
import { Banner } from "@yagura/portal/parts/notice.tsx";
import { useGet } from "@yagura/portal/queries.ts";
import { useOrganisation } from "@yagura/portal/session.tsx";
import type { Site } from "../../wire/api.ts";
import type { Tokens } from "../../wire/tokens.ts";
import { forgetKey, keepKey, readKey, useTokens } from "./key.ts";
import { tokenWords } from "./words.ts";

/** The same by the site's id, on pages that know no more of it. */
export function SiteKey({ site }: { readonly site: string }): ReactNode {
  const here = useOrganisation();
  const { data } = useGet<Site[]>(here.api("/ot/sites"), undefined, { enabled: here.can("ot.read") });
  return <KeyButton sites={data?.filter(({ id }) => id === site) ?? []} />;
}

/** Nothing where every site is plain. */
export function KeyButton({ sites }: { readonly sites: readonly Site[] }): ReactNode {
  const t = useWords(tokenWords);
  const tokens = useTokens();
  const [open, setOpen] = useState(false);
  const hidden = sites.filter((site) => site.tokens !== null);
  if (hidden.length === 0) return null;
  return (
    <>
      <Button icon="key" onClick={() => (tokens === null ? setOpen(true) : forgetKey())}>
        {t(tokens === null ? "read" : "forget")}
      </Button>
      {open ? <KeyDialog sites={hidden} close={() => setOpen(false)} /> : null}
    </>
  );
}

function KeyDialog({ sites, close }: { readonly sites: readonly Site[]; readonly close: () => void }): ReactNode {
  const t = useWords(tokenWords);
  const [problem, setProblem] = useState<"none" | "noKey" | "other">("none");
  const checks = new Set(sites.map((site) => site.tokens));
  const form = useForm({
    initial: { key: "" },
    rules: { key: { maxLength: 200 } },
    submit: async ({ key }) => {
      const tokens: Tokens | null = await readKey(key);
      if (tokens === null) return setProblem("noKey");
      if (!checks.has(tokens.check)) return setProblem("other");
      keepKey(key, tokens);
      close();
    },
  });
  return (
    <Dialog title={t("read")} close={close}>
      <Banner state="good" title={t("promise")}>
        {t("promiseText")}
      </Banner>
      <Form form={form} action={t("open")} cancel={close}>
        <TextField
          form={form}
          name="key"
          type="password"
          label={t("key")}
          hint={t("keyHint", { check: [...checks].join(", ") })}
          mono
        />
        {problem === "none" ? null : (
          <p className="field-error" role="alert">
            {t(problem)}
          </p>
        )}
      </Form>
    </Dialog>
  );
}
