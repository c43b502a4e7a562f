exports.main_handler = async (event, context) => {
  console.log(`${context.function_name} got ${JSON.stringify(event).length} characters`);
  return event;
};
