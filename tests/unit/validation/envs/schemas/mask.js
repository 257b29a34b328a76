function mask(message, metadata) {
  return message;
}
