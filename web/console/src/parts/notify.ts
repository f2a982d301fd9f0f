import { notifications } from "@mantine/notifications";
import { messageOf } from "./faults.tsx";

export const notifyDone = (message: string): void => void notifications.show({ message, color: "teal" });

export const notifyFault = (error: unknown): void =>
  void notifications.show({
    title: "That did not work",
    message: messageOf(error),
    color: "red",
    autoClose: 8000,
  });
