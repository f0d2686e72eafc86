# page-states.gp - drawn by firstbyte; run it again with: gnuplot page-states.gp
set encoding utf8
set terminal svg noenhanced size 960,510 font 'DejaVu Sans,13' background '#ffffff'
set output 'page-states.svg'
set border 3 lc rgb '#555555'
set format '%g'
set tics nomirror out textcolor rgb '#222222'
set grid ytics lc rgb '#dddddd' lt 1 lw 0.6
set label 1 'A page over a line that loses' at screen 0.02, screen 0.9412 left font ',17'
set label 3 'connection 1 of replication 0, seed 3; heights are not to scale' at screen 0.02, screen 0.0275 left font ',10' textcolor rgb '#555555'
set lmargin at screen 0.1151
set rmargin at screen 0.9700
set tmargin at screen 0.8824
set bmargin at screen 0.1745
unset key
unset border
unset tics
unset grid
set xrange [-0.6:2.2]
set yrange [11.2:-1]
set label 'laptop' at 0.50,-0.5 center font ',15'
set object rectangle from 0.00,0 to 1.00,2 fc rgb '#99c7e0' fs solid border lc rgb '#555555'
set label 'SYN-SENT' at 0.50,1.0 center front
set object rectangle from 0.00,2 to 1.00,4 fc rgb '#99d8c7' fs solid border lc rgb '#555555'
set label 'ESTABLISHED' at 0.50,3.0 center front
set object rectangle from 0.00,4 to 1.00,7 fc rgb '#f5d999' fs solid border lc rgb '#555555'
set label 'FIN-WAIT-1' at 0.50,5.5 center front
set object rectangle from 0.00,7 to 1.00,8 fc rgb '#f5d999' fs solid border lc rgb '#555555'
set label 'FIN-WAIT-2' at 0.50,7.5 center front
set object rectangle from 0.00,8 to 1.00,10 fc rgb '#eebf99' fs solid border lc rgb '#555555'
set label 'TIME-WAIT' at 0.50,9.0 center front
set object rectangle from 0.00,10 to 1.00,11 fc rgb '#e6e6e6' fs solid border lc rgb '#555555'
set label 'CLOSED' at 0.50,10.5 center front
set label 'web' at 1.60,-0.5 center font ',15'
set object rectangle from 1.10,1 to 2.10,3 fc rgb '#99c7e0' fs solid border lc rgb '#555555'
set label 'SYN-RECEIVED' at 1.60,2.0 center front
set object rectangle from 1.10,3 to 2.10,5 fc rgb '#99d8c7' fs solid border lc rgb '#555555'
set label 'ESTABLISHED' at 1.60,4.0 center front
set object rectangle from 1.10,5 to 2.10,6 fc rgb '#f5d999' fs solid border lc rgb '#555555'
set label 'CLOSE-WAIT' at 1.60,5.5 center front
set object rectangle from 1.10,6 to 2.10,9 fc rgb '#f5d999' fs solid border lc rgb '#555555'
set label 'LAST-ACK' at 1.60,7.5 center front
set object rectangle from 1.10,9 to 2.10,11 fc rgb '#e6e6e6' fs solid border lc rgb '#555555'
set label 'CLOSED' at 1.60,10.0 center front
set label '194.053 ms' at -0.05,0 right font ',11' textcolor rgb '#555555'
set label '228.306 ms' at -0.05,1 right font ',11' textcolor rgb '#555555'
set label '248.525 ms' at -0.05,2 right font ',11' textcolor rgb '#555555'
set label '268.755 ms' at -0.05,3 right font ',11' textcolor rgb '#555555'
set label '1.474 s' at -0.05,4 right font ',11' textcolor rgb '#555555'
set label '2.009 s' at -0.05,5 right font ',11' textcolor rgb '#555555'
set label '2.069 s' at -0.05,6 right font ',11' textcolor rgb '#555555'
set label '2.073 s' at -0.05,7 right font ',11' textcolor rgb '#555555'
set label '2.090 s' at -0.05,8 right font ',11' textcolor rgb '#555555'
set label '2.110 s' at -0.05,9 right font ',11' textcolor rgb '#555555'
set label '63.205 s' at -0.05,10 right font ',11' textcolor rgb '#555555'
plot NaN notitle
# the same for the screen, and for paper
set terminal pngcairo noenhanced size 1440,765 font 'DejaVu Sans,13' fontscale 1.4 linewidth 1.4 pointscale 1.4
set output 'page-states.png'
replot
set terminal pdfcairo noenhanced size 17cm,9.03cm font 'DejaVu Sans,13' fontscale 0.5 linewidth 0.9 pointscale 0.5
set output 'page-states.pdf'
replot
unset output
