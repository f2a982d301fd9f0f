/** Month names and short forms by language, January first; `|` separates forms. A language is one line. */
const MONTHS: Readonly<Record<string, string>> = {
  en: "jan|january feb|february mar|march apr|april may jun|june jul|july aug|august sep|sept|september oct|october nov|november dec|december",
  nl: "jan|januari feb|februari mrt|maa|maart apr|april mei jun|juni jul|juli aug|augustus sep|september okt|oktober nov|november dec|december",
  de: "jan|januar|janner|jaenner feb|februar mar|mrz|marz|maerz apr|april mai jun|juni jul|juli aug|august sep|september okt|oktober nov|november dez|dezember",
  fr: "janv|janvier fev|fevr|fevrier mars avr|avril mai juin juil|juillet aout|aou sept|septembre oct|octobre nov|novembre dec|decembre",
  es: "ene|enero feb|febrero mar|marzo abr|abril may|mayo jun|junio jul|julio ago|agosto sep|set|sept|septiembre|setiembre oct|octubre nov|noviembre dic|diciembre",
  it: "gen|gennaio feb|febbraio mar|marzo apr|aprile mag|maggio giu|giugno lug|luglio ago|agosto set|settembre ott|ottobre nov|novembre dic|dicembre",
  pt: "jan|janeiro fev|fevereiro mar|marco abr|abril mai|maio jun|junho jul|julho ago|agosto set|setembro out|outubro nov|novembro dez|dezembro",
  sv: "jan|januari feb|februari mar|mars apr|april maj jun|juni jul|juli aug|augusti sep|sept|september okt|oktober nov|november dec|december",
  da: "jan|januar feb|februar mar|marts apr|april maj jun|juni jul|juli aug|august sep|september okt|oktober nov|november dec|december",
  nb: "jan|januar feb|februar mar|mars apr|april mai jun|juni jul|juli aug|august sep|september okt|oktober nov|november des|desember",
  id: "jan|januari feb|februari|peb mar|maret|mac apr|april mei jun|juni jul|juli|julai agu|agt|agustus|ogos|ogo sep|september okt|oktober nov|november des|desember|dis|disember",
  pl: "sty|stycznia|styczen lut|lutego|luty mar|marca|marzec kwi|kwietnia maj|maja cze|czerwca lip|lipca sie|sierpnia wrz|wrzesnia paz|pazdziernika lis|listopada gru|grudnia",
  tr: "oca|ocak sub|subat mar|mart nis|nisan may|mayis haz|haziran tem|temmuz agu|agustos eyl|eylul eki|ekim kas|kasim ara|aralik",
}; // prettier-ignore

const NUMBER_OF = new Map<string, number>();
for (const names of Object.values(MONTHS)) {
  names.split(" ").forEach((forms, index) => {
    for (const form of forms.split("|")) if (!NUMBER_OF.has(form)) NUMBER_OF.set(form, index + 1);
  });
}

/** 1 to 12 for a month's name or short form in any case, with or without accents and full stop; null otherwise. */
export function monthNumber(name: string): number | null {
  if (name.length < 3 || name.length > 13) return null;
  const key = name.toLowerCase();
  const known = NUMBER_OF.get(key);
  if (known !== undefined) return known;
  const folded = key.normalize("NFD").replace(/[\u0300-\u036f.]/g, "").replace(/ı/g, "i"); // prettier-ignore
  return NUMBER_OF.get(folded) ?? null;
}
