/** Domestic payments of 3.1.11: consents, funds confirmation, payments, their details. */
import { z } from "zod";
import { amount, answer, dateTime, links, meta, schemeName, text } from "./common.ts";

const party = z.strictObject({
  SchemeName: schemeName,
  Identification: text(256),
  Name: text(350),
  SecondaryIdentification: text(34).optional(),
});

const address = {
  AddressLine: z.array(text(70)).max(7).optional(),
  StreetName: text(70).optional(),
  BuildingNumber: text(16).optional(),
  PostCode: text(16).optional(),
  CountrySubDivision: text(35).optional(),
};

/** OBDomestic2. */
export const paymentInitiation = z.strictObject({
  InstructionIdentification: text(35),
  EndToEndIdentification: text(35),
  LocalInstrument: z
    .enum(["UK.OBIE.FPS", "UK.OBIE.BACS", "UK.OBIE.CHAPS", "UK.OBIE.Paym", "UK.OBIE.BalanceTransfer"])
    .optional(),
  InstructedAmount: amount,
  DebtorAccount: party.extend({ Name: text(350).optional() }).optional(),
  CreditorAccount: party,
  CreditorPostalAddress: z
    .strictObject({
      ...address,
      TownName: text(35).optional(),
      Country: z
        .string()
        .regex(/^[A-Z]{2}$/)
        .optional(),
    })
    .optional(),
  RemittanceInformation: z
    .strictObject({ Unstructured: text(140).optional(), Reference: text(35).optional() })
    .optional(),
  SupplementaryData: z.record(z.string(), z.unknown()).optional(),
});

export type PaymentInitiation = z.infer<typeof paymentInitiation>;

/** OBRisk1; one member is spelt as the file of 3.1.11 spells it. */
export const paymentRisk = z.strictObject({
  PaymentContextCode: z
    .enum([
      "BillPayment",
      "EcommerceGoods",
      "EcommerceServices",
      "Other",
      "PartyToParty",
      "BillingGoodsAndServicesInAdvance",
      "BillingGoodsAndServicesInArrears",
      "PispPayee",
      "EcommerceMerchantInitiatedPayment",
      "FaceToFacePointOfSale",
      "TransferToSelf",
      "TransferToThirdParty",
    ])
    .optional(),
  MerchantCategoryCode: z.string().min(3).max(4).optional(),
  MerchantCustomerIdentification: text(70).optional(),
  ContractPresentInidicator: z.boolean().optional(),
  BeneficiaryPrepopulatedIndicator: z.boolean().optional(),
  PaymentPurposeCode: z.string().min(3).max(4).optional(),
  BeneficiaryAccountType: z
    .enum([
      "Personal",
      "JointPersonal",
      "PersonalSavings",
      "Business",
      "BusinessSavings",
      "Charity",
      "Collection",
      "Corporate",
      "Ewallet",
      "Government",
      "Investment",
      "ISA",
      "Savings",
      "Other",
    ])
    .optional(),
  DeliveryAddress: z
    .strictObject({ ...address, TownName: text(35), Country: z.string().regex(/^[A-Z]{2}$/) })
    .optional(),
});

export type PaymentRisk = z.infer<typeof paymentRisk>;

const authorisation = z.strictObject({
  AuthorisationType: z.enum(["Any", "Single"]),
  CompletionDateTime: dateTime.optional(),
});

const scaSupport = z.strictObject({
  RequestedSCAExemptionType: z
    .enum([
      "BillPayment",
      "ContactlessTravel",
      "EcommerceGoods",
      "EcommerceServices",
      "Kiosk",
      "Parking",
      "PartyToParty",
    ])
    .optional(),
  AppliedAuthenticationApproach: z.enum(["CA", "SCA"]).optional(),
  ReferencePaymentOrderId: text(40).optional(),
});

const asked = {
  ReadRefundAccount: z.enum(["No", "Yes"]).optional(),
  Authorisation: authorisation.optional(),
  SCASupportData: scaSupport.optional(),
};

/** OBWriteDomesticConsent4. */
export const paymentConsentRequest = z.strictObject({
  Data: z.strictObject({ ...asked, Initiation: paymentInitiation }),
  Risk: paymentRisk,
});

export type PaymentConsentRequest = z.infer<typeof paymentConsentRequest>;

/** OBWriteDomesticConsentResponse5. */
export const paymentConsentAnswer = z.strictObject({
  Data: z.strictObject({
    ConsentId: text(128),
    CreationDateTime: dateTime,
    Status: z.enum(["AwaitingAuthorisation", "Authorised", "Consumed", "Rejected"]),
    StatusUpdateDateTime: dateTime,
    CutOffDateTime: dateTime.optional(),
    ExpectedExecutionDateTime: dateTime.optional(),
    ExpectedSettlementDateTime: dateTime.optional(),
    ...asked,
    Initiation: paymentInitiation,
  }),
  Risk: paymentRisk,
  Links: links.optional(),
  Meta: meta.optional(),
});

/** OBWriteFundsConfirmationResponse1. */
export const fundsAnswer = answer(
  z.strictObject({
    FundsAvailableResult: z
      .strictObject({ FundsAvailableDateTime: dateTime, FundsAvailable: z.boolean() })
      .optional(),
  }),
);

/** OBWriteDomestic2. */
export const paymentRequest = z.strictObject({
  Data: z.strictObject({ ConsentId: text(128), Initiation: paymentInitiation }),
  Risk: paymentRisk,
});

export type PaymentRequest = z.infer<typeof paymentRequest>;

export const PAYMENT_STATUSES = [
  "AcceptedCreditSettlementCompleted",
  "AcceptedSettlementCompleted",
  "AcceptedSettlementInProcess",
  "AcceptedWithoutPosting",
  "Pending",
  "Rejected",
] as const;

/** OBWriteDomesticResponse5. */
export const paymentAnswer = answer(
  z.strictObject({
    DomesticPaymentId: text(40),
    ConsentId: text(128),
    CreationDateTime: dateTime,
    Status: z.enum(PAYMENT_STATUSES),
    StatusUpdateDateTime: dateTime,
    ExpectedExecutionDateTime: dateTime.optional(),
    ExpectedSettlementDateTime: dateTime.optional(),
    Initiation: paymentInitiation,
    Debtor: z
      .strictObject({
        SchemeName: schemeName.optional(),
        Identification: text(256).optional(),
        Name: text(350).optional(),
      })
      .optional(),
  }),
);

/** OBWritePaymentDetailsResponse1. */
export const paymentDetailsAnswer = answer(
  z.strictObject({
    PaymentStatus: z
      .array(
        z.strictObject({
          PaymentTransactionId: text(210),
          Status: z.enum([
            "Accepted",
            "AcceptedCustomerProfile",
            "AcceptedFundsChecked",
            "AcceptedSettlementCompleted",
            "AcceptedSettlementInProcess",
            "AcceptedTechnicalValidation",
            "AcceptedWithChange",
            "AcceptedWithoutPosting",
            "AcceptedCreditSettlementCompleted",
            "Pending",
            "Received",
            "Rejected",
          ]),
          StatusUpdateDateTime: dateTime,
          StatusDetail: z
            .strictObject({
              LocalInstrument: text(50).optional(),
              Status: text(128),
              StatusReason: z
                .enum([
                  "Cancelled",
                  "PendingFailingSettlement",
                  "PendingSettlement",
                  "Proprietary",
                  "ProprietaryRejection",
                  "Suspended",
                  "Unmatched",
                ])
                .optional(),
              StatusReasonDescription: text(256).optional(),
            })
            .optional(),
        }),
      )
      .optional(),
  }),
);
