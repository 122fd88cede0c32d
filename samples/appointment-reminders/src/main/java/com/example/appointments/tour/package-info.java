/**
 * A tour through the sample, for its first start. Delete this package, and nothing is
 * missed.
 */
@NullMarked
package com.example.appointments.tour;

import org.jspecify.annotations.NullMarked;
