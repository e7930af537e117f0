// Fills {id}, {sku} and {name} of a product into an address, encoded for a URL. Pure; never guesses a blank part. (K4)

const PLACEHOLDER = /\{(id|sku|name)\}/g;

/** The address, or null when it needs a part that this product does not have: half an address leads nowhere. */
export function fillTemplate(
  template: string,
  parts: { readonly id: string; readonly sku: string | null; readonly name: string },
): string | null {
  let blank = false;
  const filled = template.replace(PLACEHOLDER, (_, part: 'id' | 'sku' | 'name') => {
    const value = (parts[part] ?? '').trim();
    if (value === '') blank = true;
    // Half a surrogate pair, as a cut-off emoji leaves behind, cannot be encoded.
    return encodeURIComponent(value.toWellFormed());
  });
  return blank ? null : filled;
}
