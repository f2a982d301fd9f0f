/** Tables that differ in how they write numbers and dates. */
import type { Column, Layout, MoneyStyle } from "../types.ts";
import { base } from "./base.ts";

/** Date, narration, debit, credit and balance under their titles. */
function columnsOf(titles: readonly [string, string, string, string, string]): Column[] {
  const [date, narration, debit, credit, balance] = titles;
  return [
    { key: "date", title: date, x0: 36, x1: 132 },
    { key: "narration", title: narration, x0: 136, x1: 316 },
    { key: "debit", title: debit, x0: 320, x1: 396, align: "right" },
    { key: "credit", title: credit, x0: 400, x1: 476, align: "right" },
    { key: "balance", title: balance, x0: 480, x1: 560, align: "right" },
  ];
}

const english = columnsOf(["Date", "Description", "Debit", "Credit", "Balance"]);
const spaced: MoneyStyle = { decimal: ",", grouping: "space" };

export const written: readonly Layout[] = [
  {
    ...base,
    id: "space-point",
    money: { ...spaced, decimal: "." },
    date: "dd.mm.yy",
    openingRow: "Opening Balance",
    closingRow: "Closing Balance",
    columns: english,
  },
  {
    ...base,
    id: "space-comma",
    money: spaced,
    date: "d mmm fr",
    head: "left-list",
    openingRow: "Ancien solde",
    closingRow: "Nouveau solde",
    columns: columnsOf(["Date", "Libellé", "Débit", "Crédit", "Solde"]),
  },
  {
    ...base,
    id: "millions",
    money: { decimal: ",", grouping: "western" },
    date: "dd mmm yyyy es",
    openingRow: "Saldo anterior",
    closingRow: "Saldo final",
    columns: columnsOf(["Fecha", "Concepto", "Cargos", "Abonos", "Saldo"]),
  },
  {
    ...base,
    id: "one-decimal",
    money: { decimal: ",", grouping: "western", decimals: 1 },
    date: "d mmm yy it",
    head: "left-list",
    columns: columnsOf(["Data", "Descrizione", "Uscite", "Entrate", "Saldo"]),
  },
  {
    ...base,
    id: "whole-units",
    money: { decimal: ".", grouping: "western", digits: 0 },
    date: "yyyy-mm-dd",
    head: "left-list",
    totalsRow: "Total",
    columns: english,
  },
  {
    ...base,
    id: "three-decimals",
    money: { decimal: ".", grouping: "western", digits: 3 },
    head: "labels-above",
    columns: english,
  },
  {
    ...base,
    id: "apostrophe",
    money: { decimal: ".", grouping: "apostrophe" },
    date: "d de mmmm de yyyy pt",
    head: "left-list",
    columns: columnsOf(["Data", "Descrição", "Débitos", "Créditos", "Saldo"]),
  },
  { ...base, id: "buddhist", date: "dd/mm/yyyy th", head: "labels-above", columns: english },
  { ...base, id: "buddhist-short", date: "dd/mm/yy th", head: "left-list", columns: english },
  { ...base, id: "timed", date: "dd Mon yyyy", timed: true, head: "labels-above", columns: english },
  {
    ...base,
    id: "foreign",
    money: { decimal: ".", grouping: "indian" },
    head: "left-list",
    columns: [
      { key: "date", title: "Date", x0: 30, x1: 84 },
      { key: "narration", title: "Particulars", x0: 88, x1: 266 },
      { key: "foreign", title: "Foreign Currency", x0: 270, x1: 340, align: "right" },
      { key: "debit", title: "Debit", x0: 344, x1: 412, align: "right" },
      { key: "credit", title: "Credit", x0: 416, x1: 486, align: "right" },
      { key: "balance", title: "Balance", x0: 490, x1: 566, align: "right" },
    ],
  },
];
