// Elements without a framework: `h` makes them, `show` changes what is there into what is wanted, so that the focus stays.

export type Child = Node | string | null | false;

export function h(tag: string, attributes: Record<string, unknown> = {}, ...children: Child[]): HTMLElement {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (name === "onclick") element.onclick = value as () => void;
        else if (value === true) element.setAttribute(name, "");
        else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, String(value));
    }
    element.append(...children.filter((one): one is Node | string => one !== null && one !== false));
    return element;
}

/** Make the children of an element those that are wanted. */
export function show(parent: Element, ...wanted: Child[]): void {
    const fresh = h("div", {}, ...wanted);
    morphChildren(parent, fresh);
}

function morphChildren(old: Element, fresh: Element): void {
    const wanted = [...fresh.childNodes];
    wanted.forEach((one, place) => {
        const there = old.childNodes[place];
        if (!there) old.append(one);
        else if (!isAlike(there, one)) there.replaceWith(one);
        else if (there instanceof HTMLElement && one instanceof HTMLElement) morph(there, one);
        else if (there.textContent !== one.textContent) there.textContent = one.textContent;
    });
    [...old.childNodes].slice(wanted.length).forEach((one) => one.remove());
}

function isAlike(one: Node, other: Node): boolean {
    const key = (node: Node): string | undefined => (node instanceof HTMLElement ? node.dataset.key : undefined);
    return one.nodeName === other.nodeName && key(one) === key(other);
}

function morph(old: HTMLElement, fresh: HTMLElement): void {
    for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
    for (const { name, value } of [...fresh.attributes]) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    old.onclick = fresh.onclick;
    morphChildren(old, fresh);
}
