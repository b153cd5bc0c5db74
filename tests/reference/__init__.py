"""Comparing our template engine with the real Apache Velocity 1.7, where its jars and a JDK are installed."""
