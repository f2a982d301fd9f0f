/** Invented people, places and narrations by region. No person, shop or account here exists. */
import type { Random } from "./random.ts";
import type { NarrationStyle, Region } from "./types.ts";

interface RegionData {
  holders: readonly string[];
  addresses: readonly (readonly string[])[];
  branches: readonly string[];
  debits: readonly Template[];
  credits: readonly Template[];
  shops: readonly string[];
  people: readonly string[];
}

/** The kind of transaction, and its narration: `{ref}`, `{shop}`, `{person}`, `{n}` are filled in. */
type Template = readonly [kind: string, text: string];

const india: RegionData = {
  holders: ["AARAV KULSHRETTI", "MEERA VANSIKAR", "MRS DIYA POTHURANI", "ISHAAN BHORTAKAR TRADERS"],
  addresses: [
    ["FLAT 12 NEELKAMAL TOWERS", "SECTOR 91 LAKEVIEW ROAD", "NAVIPUR", "MAHARASHTRA 400999"],
    ["14/2 PALM GROVE LAYOUT", "3RD CROSS HILLSIDE", "BANGAPURAM 560999", "KARNATAKA INDIA"],
    ["PLOT 77 RIVERBANK ENCLAVE", "OLD MILL STREET", "CHENDUR 600999", "TAMIL NADU"],
  ],
  branches: ["LAKEVIEW ROAD", "HILLSIDE", "OLD MILL STREET"],
  debits: [
    ["UPI", "UPI-{shop}-{ref}-PAYMENT FROM PHONE"],
    ["UPI", "UPI/{ref}/DR/{person}/BILL SHARE"],
    ["NEFT", "NEFT DR-UTIB0000999-{person}-N{ref}"],
    ["IMPS", "IMPS-{ref}-{person}-SBIN0009999 RENT"],
    ["ATM", "ATW-4214XXXXXXXX{n}-CASH WDL {shop}"],
    ["POS", "POS 4214XXXXXXXX{n} {shop}"],
    ["ACH", "ACH D- LANTERN FINANCE LTD-{ref}"],
    ["CHQ", "CHQ PAID-MICR CTS-{person}"],
    ["CHG", "SMS ALERT CHARGES QTR {n}"],
  ],
  credits: [
    ["NEFT", "NEFT CR-ICIC0000999-QUARTZ MILLS PVT LTD-SALARY-{ref}"],
    ["UPI", "UPI-{person}-{ref}-REFUND"],
    ["IMPS", "IMPS-{ref}-{person}-HDFC0009999 LOAN BACK"],
    ["CASH", "CASH DEPOSIT SELF {shop}"],
    ["INT", "INTEREST PAID TILL DATE"],
  ],
  shops: ["KAVERI STORES", "MINT LEAF CAFE", "ORBIT FUELS", "PAPER KITE BOOKS", "NIMBUS PHARMACY"],
  people: ["ROHAN T", "SANA QUADRI", "VIKRAM LOHANI", "PRIYA ENNORE"],
};

const uk: RegionData = {
  holders: ["Miss Orla Penhallick", "Mr Tobias Wrenfield", "Ada Brackenridge"],
  addresses: [
    ["7 Saltmarsh Terrace", "Little Wexcombe", "Norhaven", "NH9 9ZZ"],
    ["Flat 3, 21 Kestrel Row", "Upper Dunmoor", "DM9 9XX"],
  ],
  branches: ["Little Wexcombe", "Dunmoor High Street"],
  debits: [
    ["DEB", "CARD PAYMENT TO {shop} ON {n}"],
    ["DD", "DIRECT DEBIT TO {shop} REF {ref}"],
    ["FPO", "Faster payment to {person} rent"],
    ["SO", "STANDING ORDER {person}"],
    ["CPT", "Cash withdrawal {shop} machine {n}"],
  ],
  credits: [
    ["BGC", "QUARRY & SONS LTD SALARY"],
    ["FPI", "Faster payment from {person}"],
    ["INT", "INTEREST PAID AFTER TAX"],
    ["DEP", "REFUND {shop}"],
  ],
  shops: ["FOXGLOVE GROCERS", "TIDEWAY TRAINS", "PEBBLE ENERGY", "MOSSBANK BOOKS", "THE COPPER KETTLE"],
  people: ["J Hathersage", "Imogen Vale", "R Tolliver"],
};

const netherlands: RegionData = {
  holders: ["Fenna Oosterwolde", "Joris van der Schelp"],
  addresses: [["Duinpad 18", "9999 ZZ Zeewolderveen", "Nederland"]],
  branches: ["Zeewolderveen"],
  debits: [
    ["BEA", "BETAALAUTOMAAT {shop} PAS {n}"],
    ["INC", "SEPA INCASSO {shop} KENMERK {ref}"],
    ["OVB", "OVERBOEKING AAN {person} HUUR"],
    ["IDL", "IDEAL BETALING {shop} {ref}"],
  ],
  credits: [
    ["SAL", "SALARIS WINDMOLEN TECHNIEK B.V."],
    ["OVB", "OVERBOEKING VAN {person}"],
    ["RNT", "CREDITRENTE KWARTAAL"],
  ],
  shops: ["KRUIDENTUIN MARKT", "TULPFIETS", "LICHTNET ENERGIE", "BAKKER ZONNEBROOD"],
  people: ["M. Veenhuis", "Lotte Brandsma", "S. Kooistra"],
};

const germany: RegionData = {
  holders: ["Henrike Tannwald", "Matthis Ollenburg"],
  addresses: [["Ahornweg 44", "99999 Kieferstadt"]],
  branches: ["Kieferstadt"],
  debits: [
    ["LS", "SEPA-Lastschrift {shop} Mandat {ref}"],
    ["KK", "Kartenzahlung {shop} Folgenr. {n}"],
    ["DA", "Dauerauftrag {person} Miete"],
    ["GA", "Bargeldauszahlung Automat {n}"],
  ],
  credits: [
    ["GS", "Gehalt Zahnrad Technik GmbH"],
    ["UB", "Gutschrift {person}"],
    ["ZI", "Zinsen Abschluss"],
  ],
  shops: ["BRUNNEN BACKHAUS", "WALDLICHT STROM", "KIOSK AM HAFEN", "BUCHINSEL"],
  people: ["Jonte Ebersbach", "C. Moorkamp", "Lina Ruhsdorf"],
};

const usa: RegionData = {
  holders: ["MARLOWE T BRINKERHOLT", "JUNE A CASSOWAY"],
  addresses: [["1180 LARKSPUR HOLLOW", "MAPLE GLEN OH 99999"]],
  branches: ["MAPLE GLEN"],
  debits: [
    ["PUR", "{shop} MAPLE GLEN OH"],
    ["PUR", "{shop} ONLINE ORDER {n}"],
    ["FEE", "FOREIGN TRANSACTION FEE"],
  ],
  credits: [
    ["PAY", "PAYMENT THANK YOU WEB"],
    ["PUR", "RETURN {shop}"],
  ],
  shops: ["BLUEJAY HARDWARE", "SUNDIAL DINER", "CEDAR & PINE", "QUICKSILVER GAS", "NORTHSTAR AIR"],
  people: ["D Alderwick", "Q Sumner"],
};

const singapore: RegionData = {
  holders: ["TAY HUI XUAN KARISSA", "ELDON GOH BAN TECK"],
  addresses: [["BLK 999 PANDAN GROVE", "#19-99", "SINGAPORE 999999"]],
  branches: ["PANDAN GROVE"],
  debits: [
    ["PNW", "PAYNOW TO {person} {ref}"],
    ["GIR", "GIRO {shop} BILL"],
    ["POS", "POINT OF SALE {shop} {n}"],
  ],
  credits: [
    ["FST", "FAST RECEIVED ORCHID LABS PTE LTD SALARY"],
    ["PNW", "PAYNOW FROM {person}"],
    ["INT", "INTEREST EARNED"],
  ],
  shops: ["KOPI LANE", "TEMASEK GREENS", "STRAITS MOBILE", "HAWKER CORNER"],
  people: ["LIM W S", "NUR AISYAH", "RAVI D"],
};

export const regions: Readonly<Record<Region, RegionData>> = {
  india,
  uk,
  netherlands,
  germany,
  usa,
  singapore,
};

/** Narrations that name banks, their branches and domains: none of them says whose statement it is. */
const MENTIONS: readonly Template[] = [
  ["NEFT", "NEFT-HDFC BANK LTD-{person}-{ref}"],
  ["UPI", "UPI PAID VIA www.icicibank.com {ref}"],
  ["EMI", "HDFC BANK LIMITED LOAN EMI {ref}"],
  ["IMPS", "IMPS KKBK0000999 KOTAK MAHINDRA BANK {person}"],
];

const PROSE: readonly Template[] = [
  ["POS", "Coffee and office fittings {n}"],
  ["FPO", "First flight, final offer {ref}"],
  ["DD", "Efficient waffle affiliates {person}"],
  ["SO", "Baffled: fluffy muffins at {shop}"],
];

const STYLES: Readonly<Partial<Record<NarrationStyle, readonly Template[]>>> = {
  "mentions-banks": MENTIONS,
  prose: PROSE,
};

const EXTRA = [
  "AS AGREED BY PHONE",
  "SECOND PART OF THE ORDER",
  "FOR THE HOUSE ON THE HILL",
  "MONTHLY SHARE",
];

/** One narration with its kind; a long one has more words, so that the cell wraps to several lines. */
export function inventNarration(
  region: Region,
  direction: "debit" | "credit",
  style: NarrationStyle,
  random: Random,
): { kind: string; text: string } {
  const data = regions[region];
  const usual = direction === "debit" ? data.debits : data.credits;
  const [kind, template] = random.pick(STYLES[style] ?? usual);
  const filled = template
    .replace("{ref}", random.digits(12))
    .replace("{n}", random.digits(4))
    .replace("{shop}", random.pick(data.shops))
    .replace("{person}", random.pick(data.people));
  if (style !== "long") return { kind, text: filled };
  return { kind, text: `${filled} ${random.pick(EXTRA)} ${random.pick(EXTRA)} REF ${random.digits(9)}` };
}
