/** Buttons and the menu that opens from one. */
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode, type Ref } from "react";
import { Icon, type IconName } from "./icon.tsx";

interface ButtonProps {
  readonly children: ReactNode;
  readonly kind?: "primary" | "plain" | "danger" | "quiet";
  readonly icon?: IconName;
  readonly type?: "button" | "submit";
  readonly disabled?: boolean;
  /** The act is running: the button stays where it is and says so. */
  readonly busy?: boolean;
  readonly title?: string;
  readonly onClick?: () => void;
  readonly ref?: Ref<HTMLButtonElement>;
}

export const Button = ({
  children,
  kind = "plain",
  icon,
  type = "button",
  busy,
  disabled,
  ...rest
}: ButtonProps): ReactNode => (
  <button
    className={`button button-${kind}`}
    type={type === "submit" ? "submit" : "button"}
    disabled={disabled === true || busy === true}
    aria-busy={busy === true ? true : undefined}
    {...rest}
  >
    {icon === undefined ? null : <Icon name={icon} />}
    <span>{children}</span>
  </button>
);

interface IconButtonProps {
  readonly icon: IconName;
  readonly label: string;
  readonly onClick?: (event: React.MouseEvent<HTMLButtonElement>) => void;
  readonly ref?: Ref<HTMLButtonElement>;
  readonly tabIndex?: number;
  readonly expanded?: boolean;
  readonly className?: string;
}
export const IconButton = ({ icon, label, expanded, className = "", ...rest }: IconButtonProps): ReactNode => (
  <button
    className={`icon-button ${className}`}
    type="button"
    aria-label={label}
    title={label}
    aria-expanded={expanded}
    {...rest}
  >
    <Icon name={icon} />
  </button>
);

export interface MenuItem {
  readonly label: string;
  readonly run: () => void;
  readonly icon?: IconName;
  readonly danger?: boolean;
  /** Present for a choice: whether it is the one chosen. */
  readonly checked?: boolean;
  /** A choice of several: the menu stays open. */
  readonly keepOpen?: boolean;
}
interface MenuProps {
  readonly label: string;
  readonly items: readonly MenuItem[];
  /** Content of the opening button; an icon button without. */
  readonly children?: ReactNode;
  readonly icon?: IconName;
  readonly className?: string;
  readonly tabIndex?: number;
  readonly ref?: Ref<HTMLButtonElement>;
}

/** A button with a list of acts or choices, in the top layer so that no table cuts it off. */
export function Menu({ label, items, children, icon = "more", className, tabIndex, ref }: MenuProps): ReactNode {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const menu = list.current;
    if (menu === null) return;
    const toggled = (event: ToggleEvent): void => {
      const now = event.newState === "open";
      setOpen(now);
      if (!now) return;
      place(menu, opener.current);
      menu.querySelector<HTMLElement>("button")?.focus();
    };
    menu.addEventListener("toggle", toggled);
    return () => menu.removeEventListener("toggle", toggled);
  }, []);
  const shared = { popoverTarget: id, "aria-haspopup": "menu" as const, "aria-expanded": open, tabIndex };
  const keep = (element: HTMLButtonElement | null): void => {
    opener.current = element;
    if (typeof ref === "function") ref(element);
    else if (ref) ref.current = element;
  };
  return (
    <>
      {children === undefined ? (
        <button
          ref={keep}
          type="button"
          className={`icon-button ${className ?? ""}`}
          aria-label={label}
          title={label}
          {...shared}
        >
          <Icon name={icon} />
        </button>
      ) : (
        <button
          ref={keep}
          type="button"
          className={className ?? "button button-plain"}
          aria-label={label}
          title={label}
          {...shared}
        >
          {children}
        </button>
      )}
      <div ref={list} id={id} popover="auto" className="menu" role="menu" aria-label={label} onKeyDown={moveInMenu}>
        {items.map((item) => (
          <MenuRow key={item.label} item={item} close={() => list.current?.hidePopover()} />
        ))}
      </div>
    </>
  );
}

function MenuRow({ item, close }: { readonly item: MenuItem; readonly close: () => void }): ReactNode {
  const choice = item.checked !== undefined;
  return (
    <button
      type="button"
      className={item.danger === true ? "menu-item menu-danger" : "menu-item"}
      role={choice ? (item.keepOpen === true ? "menuitemcheckbox" : "menuitemradio") : "menuitem"}
      aria-checked={choice ? item.checked : undefined}
      tabIndex={-1}
      onClick={(event) => {
        event.stopPropagation();
        if (item.keepOpen !== true) close();
        item.run();
      }}
    >
      <span className="menu-tick">
        {item.checked === true ? <Icon name="check" /> : item.icon ? <Icon name={item.icon} /> : null}
      </span>
      {item.label}
    </button>
  );
}

/** Below the opener, kept inside the window. */
function place(menu: HTMLElement, opener: HTMLElement | null): void {
  if (opener === null) return;
  const at = opener.getBoundingClientRect();
  const size = menu.getBoundingClientRect();
  const left = Math.max(8, Math.min(at.left, innerWidth - size.width - 8));
  const below = at.bottom + 4;
  const top = below + size.height > innerHeight - 8 ? Math.max(8, at.top - size.height - 4) : below;
  menu.style.left = `${left}px`;
  menu.style.top = `${top}px`;
}

function moveInMenu(event: KeyboardEvent<HTMLDivElement>): void {
  event.stopPropagation();
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>("button")];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const next = { ArrowDown: at + 1, j: at + 1, ArrowUp: at - 1, k: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (next !== undefined) {
    event.preventDefault();
    items.at(next % items.length)?.focus();
  } else if (event.key === "Tab") event.currentTarget.hidePopover();
}
