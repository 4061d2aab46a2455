"""The citizen's touch screen: state in the agent, one scene at a time, fragments pushed to the browser."""
