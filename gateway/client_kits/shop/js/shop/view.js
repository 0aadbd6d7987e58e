export function h(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (name === "onclick")
            element.onclick = value;
        else if (value === true)
            element.setAttribute(name, "");
        else if (value !== null && value !== undefined && value !== false)
            element.setAttribute(name, String(value));
    }
    element.append(...children.filter((one) => one !== null && one !== false));
    return element;
}
export function show(parent, ...wanted) {
    const fresh = h("div", {}, ...wanted);
    morphChildren(parent, fresh);
}
function morphChildren(old, fresh) {
    const wanted = [...fresh.childNodes];
    wanted.forEach((one, place) => {
        const there = old.childNodes[place];
        if (!there)
            old.append(one);
        else if (!isAlike(there, one))
            there.replaceWith(one);
        else if (there instanceof HTMLElement && one instanceof HTMLElement)
            morph(there, one);
        else if (there.textContent !== one.textContent)
            there.textContent = one.textContent;
    });
    [...old.childNodes].slice(wanted.length).forEach((one) => one.remove());
}
function isAlike(one, other) {
    const key = (node) => (node instanceof HTMLElement ? node.dataset.key : undefined);
    return one.nodeName === other.nodeName && key(one) === key(other);
}
function morph(old, fresh) {
    for (const { name } of [...old.attributes])
        if (!fresh.hasAttribute(name))
            old.removeAttribute(name);
    for (const { name, value } of [...fresh.attributes])
        if (old.getAttribute(name) !== value)
            old.setAttribute(name, value);
    old.onclick = fresh.onclick;
    morphChildren(old, fresh);
}
