/** The provider's name, logo, sender address and registration number, and where it is reached and paid. */
import { useId, useRef, useState, type ReactNode } from "react";
import type { ProviderProfile } from "@yagura/server/shapes.ts";
import { api } from "../../api.ts";
import { useFormat, useWords } from "../../language.tsx";
import { providerWords } from "../../messages/provider.ts";
import { shell } from "../../messages/shell.ts";
import { Button } from "../../parts/button.tsx";
import { Form, SelectField, TextField, useForm } from "../../parts/form.tsx";
import { Tower } from "../../parts/icon.tsx";
import { Loaded } from "../../parts/notice.tsx";
import { Facts, Page as Frame } from "../../parts/page.tsx";
import { useToast } from "../../parts/toast.tsx";
import { useGet, useRefresh } from "../../queries.ts";
import { useProvider } from "../../session.tsx";

const PATH = "/api/v1/provider/profile";
const LOGO_BYTES = 64 * 1024;

export function Page(): ReactNode {
  const t = useWords(providerWords);
  const profile = useGet<ProviderProfile>(PATH);
  const may = useProvider().can("provider.write");
  return (
    <Frame title={t("profile.title")} lead={t("profile.lead")} narrow>
      <Loaded query={profile} rows={8}>
        {(data) => (may ? <ProfileForm profile={data} /> : <ProfileFacts profile={data} />)}
      </Loaded>
    </Frame>
  );
}

function ProfileFacts({ profile }: { readonly profile: ProviderProfile }): ReactNode {
  const t = useWords(providerWords);
  const { contact } = profile;
  const { bank } = contact;
  return (
    <Facts
      facts={[
        { name: t("profile.name"), value: profile.name },
        { name: t("profile.sender"), value: profile.senderAddress },
        { name: t("profile.registration"), value: profile.registrationNumber ?? "–" },
        { name: t("profile.url"), value: profile.portalUrl },
        { name: t("profile.address"), value: [contact.postalCode, contact.address].filter(Boolean).join(" ") || "–" },
        { name: t("profile.phone"), value: contact.phone ?? "–" },
        { name: t("profile.mail"), value: contact.mail ?? "–" },
        {
          name: t("profile.bank"),
          value:
            bank === undefined
              ? "–"
              : `${bank.bank} ${bank.branch} ${t(`profile.${bank.kind}`)} ${bank.number} ${bank.holder}`,
        },
      ]}
    />
  );
}

function ProfileForm({ profile }: { readonly profile: ProviderProfile }): ReactNode {
  const t = useWords(providerWords);
  const say = useWords(shell);
  const toast = useToast();
  const refresh = useRefresh();
  const form = useForm({
    initial: {
      name: profile.name,
      senderAddress: profile.senderAddress,
      registrationNumber: profile.registrationNumber ?? "",
      portalUrl: profile.portalUrl,
      logo: profile.logo ?? "",
      ...contactValues(profile.contact),
    },
    rules: {
      name: { maxLength: 120 },
      senderAddress: { format: "email", maxLength: 254 },
      registrationNumber: { pattern: /^T[1-9][0-9]{12}$/, maxLength: 14, optional: true },
      portalUrl: { pattern: /^https?:\/\/\S+$/, maxLength: 300 },
      postalCode: { pattern: /^\d{3}-?\d{4}$/, maxLength: 8, optional: true },
      address: { maxLength: 120, optional: true },
      phone: { pattern: /^[0-9+() -]+$/, maxLength: 30, optional: true },
      mail: { format: "email", maxLength: 254, optional: true },
      bank: { maxLength: 120, optional: true },
      branch: { maxLength: 120, optional: true },
      number: { pattern: /^\d{1,8}$/, maxLength: 8, optional: true },
      holder: { maxLength: 120, optional: true },
    },
    submit: (values) => api.patch(PATH, changesOf(profile, values)),
    done: () => {
      toast(say("saved"));
      refresh([PATH, "/api/v1/me"]);
    },
  });
  return (
    <Form form={form} action={say("save")} label={t("profile.title")}>
      <TextField form={form} name="name" label={t("profile.name")} />
      <Logo logo={form.values.logo} set={(logo) => form.set("logo", logo)} />
      <TextField form={form} name="senderAddress" label={t("profile.sender")} type="email" />
      <TextField
        form={form}
        name="registrationNumber"
        label={t("profile.registration")}
        hint={t("profile.registrationHint")}
        mono
      />
      <TextField form={form} name="portalUrl" label={t("profile.url")} hint={t("profile.urlHint")} type="url" />
      <h2>{t("profile.contact")}</h2>
      <p className="field-hint">{t("profile.contactHint")}</p>
      <TextField form={form} name="postalCode" label={t("profile.postalCode")} mono />
      <TextField form={form} name="address" label={t("profile.address")} />
      <TextField form={form} name="phone" label={t("profile.phone")} />
      <TextField form={form} name="mail" label={t("profile.mail")} type="email" />
      <h2>{t("profile.bank")}</h2>
      <p className="field-hint">{t("profile.bankHint")}</p>
      <TextField form={form} name="bank" label={t("profile.bankName")} />
      <TextField form={form} name="branch" label={t("profile.branch")} />
      <SelectField
        form={form}
        name="kind"
        label={t("profile.kind")}
        options={(["ordinary", "current"] as const).map((value) => ({ value, label: t(`profile.${value}`) }))}
      />
      <TextField form={form} name="number" label={t("profile.number")} mono />
      <TextField form={form} name="holder" label={t("profile.holder")} />
    </Form>
  );
}

/** The contact as one text for each field. */
function contactValues({ bank, ...contact }: ProviderProfile["contact"]) {
  return {
    postalCode: contact.postalCode ?? "",
    address: contact.address ?? "",
    phone: contact.phone ?? "",
    mail: contact.mail ?? "",
    bank: bank?.bank ?? "",
    branch: bank?.branch ?? "",
    kind: bank?.kind ?? "ordinary",
    number: bank?.number ?? "",
    holder: bank?.holder ?? "",
  };
}

/** An account counts only when it is whole: half of one would send money nowhere. */
function contactOf(values: ReturnType<typeof contactValues>): ProviderProfile["contact"] {
  const { postalCode, address, phone, mail, bank, branch, kind, number, holder } = values;
  const told = Object.entries({ postalCode, address, phone, mail })
    .map(([name, text]) => [name, text.trim()] as const)
    .filter(([, text]) => text !== "");
  const account = { bank: bank.trim(), branch: branch.trim(), number: number.trim(), holder: holder.trim() };
  return {
    ...Object.fromEntries(told),
    ...(Object.values(account).includes("")
      ? {}
      : { bank: { ...account, kind: kind === "current" ? "current" : "ordinary" } }),
  };
}

type Values = Readonly<Record<Exclude<keyof ProviderProfile, "contact">, string>> & ReturnType<typeof contactValues>;
/** Only what differs is sent: a value that the server itself made need not pass the form's rules. */
function changesOf(profile: ProviderProfile, values: Values): Partial<ProviderProfile> {
  const orNull = (text: string): string | null => (text.trim() === "" ? null : text.trim());
  const next: ProviderProfile = {
    name: values.name.trim(),
    senderAddress: values.senderAddress.trim(),
    registrationNumber: orNull(values.registrationNumber),
    portalUrl: values.portalUrl.trim().replace(/\/+$/, ""),
    logo: orNull(values.logo),
    contact: contactOf(values),
  };
  const names = Object.keys(next) as (keyof ProviderProfile)[];
  const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
  return Object.fromEntries(names.filter((name) => !same(next[name], profile[name])).map((name) => [name, next[name]]));
}

function Logo({ logo, set }: { readonly logo: string; readonly set: (logo: string) => void }): ReactNode {
  const t = useWords(providerWords);
  const format = useFormat();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const choose = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    if (!["image/png", "image/svg+xml"].includes(file.type)) return setRefused(t("profile.logoType"));
    if (file.size > LOGO_BYTES) return setRefused(t("profile.logoSize", { size: format.bytes(file.size) }));
    setRefused(null);
    set(await readDataUrl(file));
  };
  return (
    <div className={refused === null ? "field" : "field field-bad"}>
      <label htmlFor={id}>{t("profile.logo")}</label>
      <div className="logo-preview">
        {logo === "" ? <Tower size={48} /> : <img src={logo} alt={t("profile.logo")} />}
      </div>
      <span className="field-hint">{logo === "" ? t("profile.logoNone") : t("profile.logoHint")}</span>
      <input
        ref={input}
        id={id}
        className="unseen"
        type="file"
        tabIndex={-1}
        accept="image/png,image/svg+xml"
        onChange={(event) => void choose(event.target.files?.[0])}
      />
      <div className="page-actions">
        <Button onClick={() => input.current?.click()}>{t("profile.logoChoose")}</Button>
        {logo === "" ? null : <Button onClick={() => set("")}>{t("profile.logoRemove")}</Button>}
      </div>
      <p className="field-error" aria-live="polite">
        {refused}
      </p>
    </div>
  );
}

const readDataUrl = (file: File): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(typeof reader.result === "string" ? reader.result : ""));
    reader.addEventListener("error", () => reject(reader.error ?? new Error("The file could not be read")));
    reader.readAsDataURL(file);
  });
