"""The media process: forwarder, recorder and control; knows neither database nor domain."""
